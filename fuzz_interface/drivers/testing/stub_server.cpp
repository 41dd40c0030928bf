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

struct Manners {
    Misdeed misdeed;
    kj::PromiseFulfiller<void>& hang_up;
    std::set<std::string>& called;
    bool lost{false};
};

class Object final : public DynamicCapability::Server
{
public:
    Object(capnp::InterfaceSchema type, Manners& manners) : Server{type}, m_manners{manners} {}

    kj::Promise<void> call(capnp::InterfaceSchema::Method method,
                           capnp::CallContext<capnp::DynamicStruct, capnp::DynamicStruct> context) override
    {
        const std::string_view name{method.getProto().getName().cStr()};
        m_manners.called.emplace(name);
        if (name == "construct") {
            if (m_manners.misdeed != Misdeed::NO_HANDSHAKE) Give(context, "threadMap", "ThreadMap");
            return kj::READY_NOW;
        }
        if (name == "makeThread") return Give(context, "result", "Thread");
        if (name == "makeFuzz") return Give(context, "result", "FuzzInterface");
        if (name == "forget") return kj::READY_NOW;
        if (name == "addInt32") return Add(context);
        return Misbehave();
    }

private:
    using Context = capnp::CallContext<capnp::DynamicStruct, capnp::DynamicStruct>;

    kj::Promise<void> Give(Context& context, kj::StringPtr field, std::string_view interface)
    {
        const auto type{FindInterface(interface)};
        context.getResults().set(field, DynamicCapability::Client{kj::heap<Object>(type, m_manners)});
        return kj::READY_NOW;
    }

    kj::Promise<void> Add(Context& context)
    {
        KJ_REQUIRE(!m_manners.lost, "lost");
        const auto value{context.getParams().get("value").as<int32_t>()};
        const bool wrong{m_manners.misdeed == Misdeed::WRONG_ANSWER};
        context.getResults().set("value", wrong ? value : AddInt32(value));
        return kj::READY_NOW;
    }

    kj::Promise<void> Misbehave()
    {
        switch (m_manners.misdeed) {
        case Misdeed::NO_ANSWER: return kj::NEVER_DONE;
        case Misdeed::HANG_UP: m_manners.hang_up.fulfill(); return kj::NEVER_DONE;
        case Misdeed::LOST_AFTERWARDS: m_manners.lost = true; break;
        default: break;
        }
        return KJ_EXCEPTION(UNIMPLEMENTED, "a stub does not do that");
    }

    Manners& m_manners;
};

void Run(int fd, Misdeed misdeed, std::set<std::string>& called)
{
    auto io{kj::setupAsyncIo()};
    auto hang_up{kj::newPromiseAndFulfiller<void>()};
    Manners manners{misdeed, *hang_up.fulfiller, called};
    auto stream{io.lowLevelProvider->wrapSocketFd(fd, kj::LowLevelAsyncIoProvider::TAKE_OWNERSHIP)};
    capnp::TwoPartyClient rpc{*stream, DynamicCapability::Client{kj::heap<Object>(FindInterface("FuzzInit"), manners)},
                              capnp::rpc::twoparty::Side::SERVER};
    rpc.onDisconnect().exclusiveJoin(kj::mv(hang_up.promise)).wait(io.waitScope);
}

} // namespace

StubServer::StubServer(int fd, Misdeed misdeed)
{
    m_hand.Start([this, fd, misdeed] { Run(fd, misdeed, m_called); });
}

std::set<std::string> StubServer::Called()
{
    CHECK(m_hand.Wait(std::chrono::milliseconds{10'000}));
    return m_called;
}

} // namespace mpfuzz::fuzz_interface
