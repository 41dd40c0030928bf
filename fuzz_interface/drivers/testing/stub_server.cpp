#include <fuzz_interface/drivers/testing/stub_server.h>

#include <fuzz_interface/drivers/schema.h>
#include <fuzz_interface/interface/transform.h>

#include <mpfuzz/base/check.h>

#include <capnp/dynamic.h>
#include <capnp/rpc-twoparty.h>
#include <kj/async-io.h>

#include <chrono>
#include <string_view>

namespace mpfuzz::fuzz_interface {
namespace {

using capnp::DynamicCapability;

struct State {
    StubFault fault;
    kj::PromiseFulfiller<void>& disconnect;
    std::set<std::string>& called;
    bool broken{false};
};

class Object final : public DynamicCapability::Server
{
public:
    Object(capnp::InterfaceSchema type, State& state) : Server{type}, m_state{state} {}

    kj::Promise<void> call(capnp::InterfaceSchema::Method method,
                           capnp::CallContext<capnp::DynamicStruct, capnp::DynamicStruct> context) override
    {
        const std::string_view name{method.getProto().getName().cStr()};
        m_state.called.emplace(name);
        if (name == "construct") {
            if (m_state.fault != StubFault::NO_HANDSHAKE) Give(context, "threadMap", "ThreadMap");
            return kj::READY_NOW;
        }
        if (name == "makeThread") return Give(context, "result", "Thread");
        if (name == "makeFuzz") return Give(context, "result", "FuzzInterface");
        if (name == "forget") return kj::READY_NOW;
        if (name == "addInt32") return Add(context);
        return ApplyFault();
    }

private:
    using Context = capnp::CallContext<capnp::DynamicStruct, capnp::DynamicStruct>;

    kj::Promise<void> Give(Context& context, kj::StringPtr field, std::string_view interface)
    {
        const auto type{FindInterface(interface)};
        context.getResults().set(field, DynamicCapability::Client{kj::heap<Object>(type, m_state)});
        return kj::READY_NOW;
    }

    kj::Promise<void> Add(Context& context)
    {
        KJ_REQUIRE(!m_state.broken, "broken");
        const auto value{context.getParams().get("value").as<int32_t>()};
        const bool wrong{m_state.fault == StubFault::WRONG_ANSWER};
        context.getResults().set("value", wrong ? value : AddInt32(value));
        return kj::READY_NOW;
    }

    kj::Promise<void> ApplyFault()
    {
        switch (m_state.fault) {
        case StubFault::NO_ANSWER: return kj::NEVER_DONE;
        case StubFault::DISCONNECT: m_state.disconnect.fulfill(); return kj::NEVER_DONE;
        case StubFault::BROKEN_AFTERWARDS: m_state.broken = true; break;
        default: break;
        }
        return KJ_EXCEPTION(UNIMPLEMENTED, "not implemented by the stub");
    }

    State& m_state;
};

void Serve(int fd, StubFault fault, std::set<std::string>& called)
{
    auto io{kj::setupAsyncIo()};
    auto disconnect{kj::newPromiseAndFulfiller<void>()};
    State state{fault, *disconnect.fulfiller, called};
    auto stream{io.lowLevelProvider->wrapSocketFd(fd, kj::LowLevelAsyncIoProvider::TAKE_OWNERSHIP)};
    capnp::TwoPartyClient rpc{*stream, DynamicCapability::Client{kj::heap<Object>(FindInterface("FuzzInit"), state)},
                              capnp::rpc::twoparty::Side::SERVER};
    rpc.onDisconnect().exclusiveJoin(kj::mv(disconnect.promise)).wait(io.waitScope);
}

} // namespace

StubServer::StubServer(int fd, StubFault fault)
{
    m_thread.Start([this, fd, fault] { Serve(fd, fault, m_called); });
}

std::set<std::string> StubServer::Called()
{
    CHECK(m_thread.Wait(std::chrono::milliseconds{10'000}));
    return m_called;
}

} // namespace mpfuzz::fuzz_interface
