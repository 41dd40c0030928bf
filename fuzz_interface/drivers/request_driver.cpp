#include <fuzz_interface/drivers/request_driver.h>

#include <fuzz_interface/drivers/peer.h>
#include <fuzz_interface/drivers/random_values.h>
#include <fuzz_interface/drivers/schema.h>
#include <fuzz_interface/interface/interface.h>
#include <fuzz_interface/interface/transform.h>

#include <array>
#include <string>
#include <vector>

namespace mpfuzz::fuzz_interface {
namespace {

using capnp::DynamicCapability;
using capnp::DynamicStruct;

// Guesses, unmeasured: calls of a batch, and calls that ours make while they are called in it.
constexpr size_t MAX_CALLS{4};
constexpr size_t MAX_CALLBACKS{8};

class RequestDriver
{
public:
    RequestDriver(int fd, Choices& choices, const RequestOptions& options)
        : m_choices{choices}, m_options{options}, m_io{kj::setupAsyncIo()},
          m_peer{m_io.lowLevelProvider->wrapSocketFd(fd, kj::LowLevelAsyncIoProvider::TAKE_OWNERSHIP),
                 capnp::rpc::twoparty::Side::CLIENT, m_io.provider->getTimer(), choices}
    {
        m_peer.AllowDestroy(options.destroys);
    }

    std::optional<Failure> Drive()
    {
        if (auto failure{ShakeHands()}) return failure;
        for (size_t i{0}; i < m_options.batches && !m_choices.Exhausted(); ++i) {
            if (auto failure{MakeBatch()}) return failure;
        }
        for (int32_t slot{0}; slot < SLOTS; ++slot) {
            if (auto failure{Forget(slot)}) return failure;
        }
        LeaveOpen();
        return std::nullopt;
    }

private:
    using Request = capnp::Request<DynamicStruct, DynamicStruct>;
    using Response = capnp::Response<DynamicStruct>;

    //! Wait for an answer of either kind.
    //! @return What it is not; empty where it came in time.
    std::optional<Failure> Await(kj::Promise<void> answer, const std::string& what)
    {
        bool answered{false};
        answer.then([&] { answered = true; }, [&](kj::Exception&&) { answered = true; })
            .exclusiveJoin(m_io.provider->getTimer().afterDelay(m_options.deadline.count() * kj::MILLISECONDS))
            .wait(m_io.waitScope);
        if (answered) return std::nullopt;
        return Fail("no answer within " + std::to_string(m_options.deadline.count()) + " ms to " + what);
    }

    //! Make a call that has to work.
    std::optional<Failure> MakeGood(Request& request, const std::string& what, kj::Function<bool(Response&)> check)
    {
        std::string wrong{"no answer"};
        auto answer{
            request.send().then([&](Response&& response) { wrong = check(response) ? "" : kj::str(response).cStr(); },
                                [&](kj::Exception&& error) { wrong = error.getDescription().cStr(); })};
        if (auto failure{Await(kj::mv(answer), what)}) return failure;
        if (wrong.empty()) return std::nullopt;
        return Fail(what + " came to: " + wrong);
    }

    std::optional<Failure> ShakeHands();
    std::optional<Failure> Get(Request& request, kj::StringPtr result, DynamicCapability::Client& got);
    std::optional<Failure> MakeBatch();
    std::optional<Failure> CheckGood();
    std::optional<Failure> Forget(int32_t slot);
    void LeaveOpen();

    //! A call of the good interface's, on a thread that nothing else runs on.
    Request GoodRequest(kj::StringPtr method)
    {
        auto request{m_good.newRequest(method)};
        SetContext(request);
        return request;
    }

    void SetContext(Request& request)
    {
        auto context{request.init("context").as<DynamicStruct>()};
        const auto schema{FindInterface("Thread")};
        context.set("thread", m_good_thread);
        context.set("callbackThread", m_peer.Serve(schema).castAs<DynamicCapability>(schema));
    }

    Failure Fail(const std::string& what) const { return {what + "\nthe last calls:\n" + m_peer.Log()}; }

    Choices& m_choices;
    const RequestOptions m_options;
    kj::AsyncIoContext m_io;
    Peer m_peer;
    DynamicCapability::Client m_good_thread;
    DynamicCapability::Client m_good;
    std::vector<kj::Promise<void>> m_last;
};

//! The good calls' own interface and thread, which nothing else gets to see; and what the others begin with.
std::optional<Failure> RequestDriver::ShakeHands()
{
    const auto init_schema{FindInterface("FuzzInit")};
    const auto threads_schema{FindInterface("ThreadMap")};
    auto init{m_peer.Bootstrap().castAs<DynamicCapability>(init_schema)};
    auto construct{init.newRequest("construct")};
    construct.set("threadMap", m_peer.Serve(threads_schema).castAs<DynamicCapability>(threads_schema));
    DynamicCapability::Client threads;
    if (auto failure{Get(construct, "threadMap", threads)}) return failure;

    DynamicCapability::Client thread;
    for (const bool is_home : {false, true}) {
        auto make_thread{threads.newRequest("makeThread")};
        if (auto failure{Get(make_thread, "result", thread)}) return failure;
        if (is_home) {
            m_peer.SetHome(thread);
        } else {
            m_good_thread = thread;
        }
    }
    DynamicCapability::Client fuzz;
    for (DynamicCapability::Client* made : {&m_good, &fuzz}) {
        auto make_fuzz{init.newRequest("makeFuzz")};
        SetContext(make_fuzz);
        if (auto failure{Get(make_fuzz, "result", *made)}) return failure;
    }
    m_peer.Hold(FindInterface("FuzzInterface"), fuzz);
    m_peer.Hold(init_schema, init);
    m_peer.Hold(threads_schema, threads);
    return std::nullopt;
}

//! Make a call of the handshake, which gives a capability.
std::optional<Failure> RequestDriver::Get(Request& request, kj::StringPtr result, DynamicCapability::Client& got)
{
    return MakeGood(request, "the call for " + std::string{result.cStr()} + " of the handshake",
                    [&](Response& response) {
                        got = response.get(result).as<DynamicCapability>();
                        return response.has(result);
                    });
}

//! Nonsense, several calls at once; what is withheld comes when a good call has been answered in spite of it.
std::optional<Failure> RequestDriver::MakeBatch()
{
    m_peer.AllowCallbacks(MAX_CALLBACKS);
    m_peer.Withhold(true);
    std::vector<kj::Promise<void>> calls;
    for (size_t i{1 + m_choices.Below(MAX_CALLS)}; i > 0; --i) {
        auto call{m_peer.CallSomething()};
        // Otherwise it is cancelled here, which may be before it is sent. What is in a slot in the end has to be known.
        const bool stores{call.method.getProto().getName() == "store"};
        if (stores || !m_choices.OneIn(8)) calls.push_back(kj::mv(call.answer));
    }
    auto failure{CheckGood()};
    m_peer.Withhold(false);
    m_peer.Release();
    for (auto& call : calls) {
        if (!failure) failure = Await(kj::mv(call), "one of these");
    }
    if (!failure) failure = Await(m_peer.OnQuiet(), "a call that was made before an answer");
    return failure ? failure : CheckGood();
}

std::optional<Failure> RequestDriver::CheckGood()
{
    const auto number{Random<int32_t>(m_choices)};
    auto request{GoodRequest("addInt32")};
    request.set("value", number);
    return MakeGood(request, "a good FuzzInterface.addInt32 of " + std::to_string(number),
                    [&](Response& response) { return response.get("value").as<int32_t>() == AddInt32(number); });
}

std::optional<Failure> RequestDriver::Forget(int32_t slot)
{
    auto request{GoodRequest("forget")};
    request.set("slot", slot);
    return MakeGood(request, "a good FuzzInterface.forget",
                    [](Response& response) { return !response.has("standard"); });
}

//! The connection ends with calls outstanding, which wait for ours.
void RequestDriver::LeaveOpen()
{
    static constexpr std::array<const char*, 4> METHODS{"callObject", "callFunction", "callShared", "visitObject"};
    m_peer.AllowCallbacks(0);
    m_peer.Withhold(true);
    Peer::Held fuzz{FindInterface("FuzzInterface"), m_good};
    for (size_t i{m_choices.Below(MAX_CALLS)}; i > 0; --i) {
        const auto method{fuzz.schema.getMethodByName(m_choices.Pick(METHODS))};
        m_last.push_back(m_peer.Call(fuzz, method, Order::TIDY));
        // Otherwise it would not be sent.
        kj::evalLast([] {}).wait(m_io.waitScope);
    }
}

} // namespace

std::optional<Failure> DriveRequests(int fd, Choices& choices, const RequestOptions& options)
{
    return RequestDriver{fd, choices, options}.Drive();
}

} // namespace mpfuzz::fuzz_interface
