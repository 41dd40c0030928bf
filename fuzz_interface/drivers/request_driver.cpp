#include <fuzz_interface/drivers/request_driver.h>

#include <fuzz_interface/drivers/malformed_endpoint.h>
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

// Limits for one batch: its calls, and the calls that our objects make before they answer. Guesses, unmeasured.
constexpr size_t MAX_CALLS{4};
constexpr size_t MAX_CALLBACKS{8};

class RequestDriver
{
public:
    RequestDriver(int fd, Choices& choices, const RequestOptions& options)
        : m_choices{choices}, m_options{options}, m_io{kj::setupAsyncIo()},
          m_endpoint{m_io.lowLevelProvider->wrapSocketFd(fd, kj::LowLevelAsyncIoProvider::TAKE_OWNERSHIP),
                     capnp::rpc::twoparty::Side::CLIENT, m_io.provider->getTimer(), choices}
    {
        m_endpoint.AllowDestroy(options.destroys);
    }

    std::optional<Failure> Drive()
    {
        if (auto failure{Handshake()}) return failure;
        for (size_t i{0}; i < m_options.batches && !m_choices.Exhausted(); ++i) {
            if (auto failure{MakeBatch()}) return failure;
        }
        for (int32_t slot{0}; slot < SLOTS; ++slot) {
            if (auto failure{Forget(slot)}) return failure;
        }
        LeaveUnanswered();
        return std::nullopt;
    }

private:
    using Request = capnp::Request<DynamicStruct, DynamicStruct>;
    using Response = capnp::Response<DynamicStruct>;

    //! Waits for an answer: a value or an exception.
    //! @return nullopt if it arrived before the deadline.
    std::optional<Failure> Await(kj::Promise<void> answer, const std::string& what)
    {
        bool answered{false};
        answer.then([&] { answered = true; }, [&](kj::Exception&&) { answered = true; })
            .exclusiveJoin(m_io.provider->getTimer().afterDelay(m_options.deadline.count() * kj::MILLISECONDS))
            .wait(m_io.waitScope);
        if (answered) return std::nullopt;
        return Fail("no answer within " + std::to_string(m_options.deadline.count()) + " ms to " + what);
    }

    //! Makes a call that must succeed.
    //! @param check  Returns whether the answer is right.
    std::optional<Failure> MakeValidCall(Request& request, const std::string& what, kj::Function<bool(Response&)> check)
    {
        std::string wrong{"no answer"};
        auto answer{
            request.send().then([&](Response&& response) { wrong = check(response) ? "" : kj::str(response).cStr(); },
                                [&](kj::Exception&& error) { wrong = error.getDescription().cStr(); })};
        if (auto failure{Await(kj::mv(answer), what)}) return failure;
        if (wrong.empty()) return std::nullopt;
        return Fail(what + " had a wrong outcome: " + wrong);
    }

    std::optional<Failure> Handshake();
    std::optional<Failure> Get(Request& request, kj::StringPtr result, DynamicCapability::Client& got);
    std::optional<Failure> MakeBatch();
    std::optional<Failure> CheckServer();
    std::optional<Failure> Forget(int32_t slot);
    void LeaveUnanswered();

    //! A call on the interface for valid calls. It runs on a thread that no malformed call uses.
    Request ValidRequest(kj::StringPtr method)
    {
        auto request{m_valid.newRequest(method)};
        SetContext(request);
        return request;
    }

    void SetContext(Request& request)
    {
        auto context{request.init("context").as<DynamicStruct>()};
        const auto schema{FindInterface("Thread")};
        context.set("thread", m_valid_thread);
        context.set("callbackThread", m_endpoint.Serve(schema).castAs<DynamicCapability>(schema));
    }

    Failure Fail(const std::string& what) const { return {what + "\nthe last calls:\n" + m_endpoint.Log()}; }

    Choices& m_choices;
    const RequestOptions m_options;
    kj::AsyncIoContext m_io;
    MalformedEndpoint m_endpoint;
    DynamicCapability::Client m_valid_thread;
    DynamicCapability::Client m_valid;
    std::vector<kj::Promise<void>> m_unanswered;
};

//! Gets an interface and a thread that only valid calls use, and the first capabilities for malformed calls.
std::optional<Failure> RequestDriver::Handshake()
{
    const auto init_schema{FindInterface("FuzzInit")};
    const auto threads_schema{FindInterface("ThreadMap")};
    auto init{m_endpoint.Bootstrap().castAs<DynamicCapability>(init_schema)};
    auto construct{init.newRequest("construct")};
    construct.set("threadMap", m_endpoint.Serve(threads_schema).castAs<DynamicCapability>(threads_schema));
    DynamicCapability::Client threads;
    if (auto failure{Get(construct, "threadMap", threads)}) return failure;

    DynamicCapability::Client thread;
    for (const bool is_main : {false, true}) {
        auto make_thread{threads.newRequest("makeThread")};
        if (auto failure{Get(make_thread, "result", thread)}) return failure;
        if (is_main) {
            m_endpoint.SetMainThread(thread);
        } else {
            m_valid_thread = thread;
        }
    }
    DynamicCapability::Client fuzz;
    for (DynamicCapability::Client* made : {&m_valid, &fuzz}) {
        auto make_fuzz{init.newRequest("makeFuzz")};
        SetContext(make_fuzz);
        if (auto failure{Get(make_fuzz, "result", *made)}) return failure;
    }
    m_endpoint.Hold(FindInterface("FuzzInterface"), fuzz);
    m_endpoint.Hold(init_schema, init);
    m_endpoint.Hold(threads_schema, threads);
    return std::nullopt;
}

//! Makes a call of the handshake that returns a capability.
std::optional<Failure> RequestDriver::Get(Request& request, kj::StringPtr result, DynamicCapability::Client& got)
{
    return MakeValidCall(request, "the call for " + std::string{result.cStr()} + " of the handshake",
                         [&](Response& response) {
                             got = response.get(result).as<DynamicCapability>();
                             return response.has(result);
                         });
}

//! Makes several malformed calls at once. Then makes a valid call, and only after its answer sends those answers of our
//! objects that were withheld: the server must serve other calls while it waits for them.
std::optional<Failure> RequestDriver::MakeBatch()
{
    m_endpoint.AllowCallbacks(MAX_CALLBACKS);
    m_endpoint.Withhold(true);
    std::vector<kj::Promise<void>> calls;
    for (size_t i{1 + m_choices.Below(MAX_CALLS)}; i > 0; --i) {
        auto call{m_endpoint.CallSomething()};
        // The others are cancelled here, maybe before they are sent. A cancelled `store` might be done after our last
        // `forget`, so it is not cancelled.
        const bool stores{call.method.getProto().getName() == "store"};
        if (stores || !m_choices.OneIn(8)) calls.push_back(kj::mv(call.answer));
    }
    auto failure{CheckServer()};
    m_endpoint.Withhold(false);
    m_endpoint.Release();
    for (auto& call : calls) {
        if (!failure) failure = Await(kj::mv(call), "one of the last calls");
    }
    if (!failure) failure = Await(m_endpoint.OnQuiet(), "a call that was made by one of our objects");
    return failure ? failure : CheckServer();
}

std::optional<Failure> RequestDriver::CheckServer()
{
    const auto number{Random<int32_t>(m_choices)};
    auto request{ValidRequest("addInt32")};
    request.set("value", number);
    return MakeValidCall(request, "a valid FuzzInterface.addInt32 of " + std::to_string(number),
                         [&](Response& response) { return response.get("value").as<int32_t>() == AddInt32(number); });
}

std::optional<Failure> RequestDriver::Forget(int32_t slot)
{
    auto request{ValidRequest("forget")};
    request.set("slot", slot);
    return MakeValidCall(request, "a valid FuzzInterface.forget",
                         [](Response& response) { return !response.has("standard"); });
}

//! Makes calls during which the server calls our objects. Our objects do not answer until the connection is closed.
void RequestDriver::LeaveUnanswered()
{
    static constexpr std::array<const char*, 4> METHODS{"callObject", "callFunction", "callShared", "visitObject"};
    m_endpoint.AllowCallbacks(0);
    m_endpoint.Withhold(true);
    MalformedEndpoint::Held fuzz{FindInterface("FuzzInterface"), m_valid};
    for (size_t i{m_choices.Below(MAX_CALLS)}; i > 0; --i) {
        const auto method{fuzz.schema.getMethodByName(m_choices.Pick(METHODS))};
        m_unanswered.push_back(m_endpoint.Call(fuzz, method, Validity::VALID));
        // Lets the loop run once, otherwise the call would not be sent.
        kj::evalLast([] {}).wait(m_io.waitScope);
    }
}

} // namespace

std::optional<Failure> DriveRequests(int fd, Choices& choices, const RequestOptions& options)
{
    return RequestDriver{fd, choices, options}.Drive();
}

} // namespace mpfuzz::fuzz_interface
