#include <fuzz_interface/drivers/response_driver.h>

#include <fuzz_interface/drivers/client_call.h>
#include <fuzz_interface/drivers/connector.h>
#include <fuzz_interface/drivers/malformed.h>
#include <fuzz_interface/drivers/malformed_endpoint.h>
#include <fuzz_interface/drivers/worker_thread.h>

#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace mpfuzz::fuzz_interface {
namespace {

// Calls that the server makes while the client waits for an answer. Guess, unmeasured.
constexpr size_t MAX_CALLBACKS{4};

kj::Own<kj::AsyncIoStream> WrapSocket(kj::AsyncIoContext& io, int fd)
{
    return io.lowLevelProvider->wrapSocketFd(fd, kj::LowLevelAsyncIoProvider::TAKE_OWNERSHIP);
}

//! The server of one connection. If it withholds an answer, it asks its owner to close it.
class MalformedServer
{
public:
    MalformedServer(kj::AsyncIoContext& io, int fd, Choices& choices)
        : MalformedServer{io, fd, choices, kj::newPromiseAndFulfiller<void>()}
    {
    }

    //! Done when the server asks to be closed, or the client has disconnected.
    kj::Promise<void> OnEnd() { return m_end.addBranch(); }
    //! Call this before each call of the client.
    void AllowCallbacks() { m_endpoint.AllowCallbacks(MAX_CALLBACKS); }
    std::string Log() const { return m_endpoint.Log(); }

private:
    MalformedServer(kj::AsyncIoContext& io, int fd, Choices& choices, kj::PromiseFulfillerPair<void> close)
        : m_close{kj::mv(close.fulfiller)}, m_endpoint{WrapSocket(io, fd), capnp::rpc::twoparty::Side::SERVER,
                                                       io.provider->getTimer(), choices},
          m_end{m_endpoint.OnDisconnect().exclusiveJoin(kj::mv(close.promise)).fork()}
    {
        m_endpoint.Withhold(choices.Below(2) == 1);
        m_endpoint.OnWithheld([this] { m_close->fulfill(); });
        AllowCallbacks();
    }

    kj::Own<kj::PromiseFulfiller<void>> m_close;
    MalformedEndpoint m_endpoint;
    kj::ForkedPromise<void> m_end;
};

using CallOutcome = Outcome<std::monostate>;

CallOutcome Make(const ClientCall& call, ClientState& state)
{
    return Try([&] {
        call.make(state);
        return std::monostate{};
    });
}

//! Describes what is wrong with an outcome. Returns an empty text if nothing is wrong: every value and every
//! std::exception is allowed, and Raise may throw a FuzzError.
std::string FindMistake(const std::string& name, const CallOutcome& outcome)
{
    const auto* const thrown{std::get_if<Thrown>(&outcome)};
    if (thrown == nullptr) return "";
    if (thrown->kind == Thrown::Kind::OTHER)
        return name + " threw an exception that is not derived from std::exception";
    if (thrown->kind == Thrown::Kind::TYPED && name != "Raise") return name + " threw a FuzzError";
    return "";
}

ClientCall MakeConnect(Loop& loop, int fd)
{
    return {"Connect", [&loop, fd](ClientState& state) { state.init = loop.Connect(fd); }};
}

ClientCall MakeDestroyAll()
{
    return {"destroying the proxies", [](ClientState& state) { state = {}; }};
}

std::string Describe(std::chrono::milliseconds deadline) { return std::to_string(deadline.count()) + " ms"; }

class ResponseDriver
{
public:
    ResponseDriver(Loop& loop, Choices& choices, const ResponseOptions& options)
        : m_loop{loop}, m_choices{choices}, m_options{options}, m_io{kj::setupAsyncIo()}
    {
    }

    std::optional<Failure> Drive()
    {
        for (size_t i{0}; i < m_options.connections && !m_choices.Exhausted(); ++i) {
            if (auto failure{DriveConnection()}) return failure;
        }
        return std::nullopt;
    }

private:
    std::optional<Failure> DriveConnection()
    {
        m_state = std::make_shared<ClientState>();
        const auto [server_fd, client_fd] = SocketPair();
        if (m_choices.OneIn(8)) {
            SendBytes(server_fd);
        } else {
            m_server = kj::heap<MalformedServer>(m_io, server_fd, m_choices);
        }
        auto failure{Call(MakeConnect(m_loop, client_fd))};
        for (size_t i{0}; i < m_options.calls && !failure && !m_choices.Exhausted(); ++i) {
            failure = Call(ChooseClientCall(m_choices));
        }
        if (failure) return failure;
        // In half of the cases the server closes the connection before the client destroys its proxies.
        if (m_choices.Below(2) == 1) Close();
        return Call(MakeDestroyAll());
    }

    //! Sends arbitrary bytes, or a Cap'n Proto message that is no RPC message, and closes the connection.
    void SendBytes(int fd)
    {
        auto stream{WrapSocket(m_io, fd)};
        std::string bytes{ArbitraryBytes(m_choices)};
        if (m_choices.Below(2) == 1) {
            bytes.resize(bytes.size() / 8 * 8);
            std::string header(4, '\0');
            for (size_t i{0}; i < 4; ++i) header += static_cast<char>(bytes.size() / 8 >> (8 * i) & 0xff);
            bytes = header + bytes;
        }
        // Do not wait: bytes that do not fit into the socket's buffer are not sent.
        stream->write(bytes.data(), bytes.size())
            .exclusiveJoin(m_io.provider->getTimer().afterDelay(kj::MILLISECONDS))
            .wait(m_io.waitScope);
    }

    //! Makes a call on the client's thread, and serves the connection until the call has ended.
    std::optional<Failure> Call(const ClientCall& call)
    {
        auto outcome{std::make_shared<CallOutcome>()};
        auto done{kj::newPromiseAndCrossThreadFulfiller<void>()};
        // std::function needs a copyable lambda.
        auto fulfiller{std::make_shared<decltype(done.fulfiller)>(kj::mv(done.fulfiller))};
        m_client.Start([call, outcome, fulfiller, state = m_state] {
            *outcome = Make(call, *state);
            (*fulfiller)->fulfill();
        });
        bool is_done{false};
        auto finished{done.promise.then([&is_done] { is_done = true; }).fork()};
        bool in_time{true};
        if (m_server) {
            m_server->AllowCallbacks();
            in_time = Wait(finished.addBranch().exclusiveJoin(m_server->OnEnd()));
            if (!is_done) Close();
        }
        if (!is_done && !Wait(finished.addBranch())) {
            m_client.Abandon(nullptr); // the call owns all that it uses, except the loop
            return Fail(call.name + " has not ended within " + Describe(m_options.deadline) +
                        " after its connection was closed");
        }
        m_client.Wait(m_options.deadline); // the thread also destroys the call
        if (!in_time) {
            return Fail(call.name + " has not ended within " + Describe(m_options.deadline) +
                        " although it was answered");
        }
        const std::string mistake{FindMistake(call.name, *outcome)};
        return mistake.empty() ? std::nullopt : std::optional{Fail(mistake)};
    }

    //! Serves the connection until an event has happened.
    //! @return Whether it happened before the deadline.
    bool Wait(kj::Promise<void> event)
    {
        bool happened{false};
        event.then([&happened] { happened = true; })
            .exclusiveJoin(m_io.provider->getTimer().afterDelay(m_options.deadline.count() * kj::MILLISECONDS))
            .wait(m_io.waitScope);
        return happened;
    }

    void Close()
    {
        if (m_server) m_log = m_server->Log();
        m_server = nullptr;
    }

    Failure Fail(const std::string& what) const
    {
        return {what + "\nthe last calls on the server's side:\n" + (m_server ? m_server->Log() : m_log)};
    }

    Loop& m_loop;
    Choices& m_choices;
    const ResponseOptions m_options;
    kj::AsyncIoContext m_io;
    kj::Own<MalformedServer> m_server; //!< null: the connection is closed
    std::string m_log;                 //!< of the last server that was closed
    std::shared_ptr<ClientState> m_state;
    WorkerThread m_client;
};

} // namespace

std::optional<Failure> DriveResponses(Loop& loop, Choices& choices, const ResponseOptions& options)
{
    return ResponseDriver{loop, choices, options}.Drive();
}

void ServeMalformed(int fd, Choices& choices)
{
    auto io{kj::setupAsyncIo()};
    MalformedServer server{io, fd, choices};
    server.OnEnd().wait(io.waitScope);
}

std::optional<Failure> DriveClient(Loop& loop, int fd, Choices& choices, const ResponseOptions& options)
{
    WorkerThread client;
    const auto state{std::make_shared<ClientState>()};
    const auto make{[&](const ClientCall& call) -> std::optional<Failure> {
        const auto outcome{std::make_shared<CallOutcome>()};
        client.Start([call, outcome, state] { *outcome = Make(call, *state); });
        if (!client.Wait(options.deadline)) {
            client.Abandon(nullptr);
            return Failure{call.name + " has not ended within " + Describe(options.deadline)};
        }
        const std::string mistake{FindMistake(call.name, *outcome)};
        return mistake.empty() ? std::nullopt : std::optional{Failure{mistake}};
    }};
    auto failure{make(MakeConnect(loop, fd))};
    for (size_t i{0}; i < options.calls && !failure && !choices.Exhausted(); ++i) {
        failure = make(ChooseClientCall(choices));
    }
    return failure ? failure : make(MakeDestroyAll());
}

} // namespace mpfuzz::fuzz_interface
