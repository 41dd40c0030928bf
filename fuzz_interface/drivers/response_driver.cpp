#include <fuzz_interface/drivers/response_driver.h>

#include <fuzz_interface/drivers/client_call.h>
#include <fuzz_interface/drivers/content.h>
#include <fuzz_interface/drivers/peer.h>
#include <fuzz_interface/drivers/socket_pair.h>
#include <fuzz_interface/drivers/worker_thread.h>

#include <exception>
#include <memory>
#include <string>
#include <utility>

namespace mpfuzz::fuzz_interface {
namespace {

// Guess, unmeasured: calls back while the client waits for an answer.
constexpr size_t MAX_CALLBACKS{4};

//! One connection's server. It withholds an answer only to close the connection then.
class MalformedServer
{
public:
    MalformedServer(kj::AsyncIoContext& io, int fd, Choices& choices)
        : MalformedServer{io, fd, choices, kj::newPromiseAndFulfiller<void>()}
    {
    }

    //! Whether it wants to close, or the client has left.
    kj::Promise<void> OnEnd() { return m_end.addBranch(); }
    //! Before each call of the client's.
    void AllowCallbacks() { m_peer.AllowCallbacks(MAX_CALLBACKS); }
    std::string Log() const { return m_peer.Log(); }

private:
    MalformedServer(kj::AsyncIoContext& io, int fd, Choices& choices, kj::PromiseFulfillerPair<void> hang_up)
        : m_hang_up{kj::mv(hang_up.fulfiller)}, m_peer{io.lowLevelProvider->wrapSocketFd(
                                                           fd, kj::LowLevelAsyncIoProvider::TAKE_OWNERSHIP),
                                                       capnp::rpc::twoparty::Side::SERVER, io.provider->getTimer(),
                                                       choices},
          m_end{m_peer.OnDisconnect().exclusiveJoin(kj::mv(hang_up.promise)).fork()}
    {
        m_peer.Withhold(choices.Below(2) == 1);
        m_peer.OnWithheld([this] { m_hang_up->fulfill(); });
        AllowCallbacks();
    }

    kj::Own<kj::PromiseFulfiller<void>> m_hang_up;
    Peer m_peer;
    kj::ForkedPromise<void> m_end;
};

//! How a call through a proxy ended.
struct Ending {
    enum class Kind { RETURNED, STANDARD, TYPED, FOREIGN };

    Kind kind{Kind::RETURNED};
    std::string error;
};

Ending Make(const ClientCall& call, ClientState& state)
{
    try {
        call.make(state);
        return {};
    } catch (const std::exception& error) {
        return {Ending::Kind::STANDARD, error.what()};
    } catch (const FuzzError& error) {
        return {Ending::Kind::TYPED, error.message};
    } catch (...) {
        return {Ending::Kind::FOREIGN, ""};
    }
}

//! What must not be; empty where all is well.
std::string Judge(const std::string& name, const Ending& ending)
{
    if (ending.kind == Ending::Kind::FOREIGN) return name + " threw what is no std::exception";
    if (ending.kind == Ending::Kind::TYPED && name != "Raise") return name + " threw a FuzzError";
    return "";
}

ClientCall ConnectBy(Loop& loop, int fd)
{
    return {"Connect", [&loop, fd](ClientState& state) { state.init = loop.Connect(fd); }};
}

ClientCall DestroyAll()
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
        auto failure{Call(ConnectBy(m_loop, client_fd))};
        for (size_t i{0}; i < m_options.calls && !failure && !m_choices.Exhausted(); ++i) {
            failure = Call(ChooseClientCall(m_choices));
        }
        if (failure) return failure;
        // Half of the clients outlive their server.
        if (m_choices.Below(2) == 1) Close();
        return Call(DestroyAll());
    }

    //! No Cap'n Proto at all, or a message of it that is none of RPC's; the client's end stays usable.
    void SendBytes(int fd)
    {
        auto stream{m_io.lowLevelProvider->wrapSocketFd(fd, kj::LowLevelAsyncIoProvider::TAKE_OWNERSHIP)};
        std::string bytes{WildBytes(m_choices)};
        if (m_choices.Below(2) == 1) {
            bytes.resize(bytes.size() / 8 * 8);
            std::string header(4, '\0');
            for (size_t i{0}; i < 4; ++i) header += static_cast<char>(bytes.size() / 8 >> (8 * i) & 0xff);
            bytes = header + bytes;
        }
        // What does not fit into the socket's buffer is as good as cut off.
        stream->write(bytes.data(), bytes.size())
            .exclusiveJoin(m_io.provider->getTimer().afterDelay(kj::MILLISECONDS))
            .wait(m_io.waitScope);
    }

    //! Make a call on the client's thread, and serve until it has ended.
    std::optional<Failure> Call(const ClientCall& call)
    {
        auto ending{std::make_shared<Ending>()};
        auto done{kj::newPromiseAndCrossThreadFulfiller<void>()};
        // A function has to be copyable.
        auto fulfiller{std::make_shared<decltype(done.fulfiller)>(kj::mv(done.fulfiller))};
        m_client.Start([call, ending, fulfiller, state = m_state] {
            *ending = Make(call, *state);
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
            m_client.Abandon(nullptr); // its work has all that it refers to, but for the loop
            return Fail(call.name + " has not ended within " + Describe(m_options.deadline) +
                        " of its connection's end");
        }
        m_client.Wait(m_options.deadline); // until the thread has let go of the call as well
        if (!in_time) {
            return Fail(call.name + " has not ended within " + Describe(m_options.deadline) +
                        ", with everything answered");
        }
        const std::string wrong{Judge(call.name, *ending)};
        return wrong.empty() ? std::nullopt : std::optional{Fail(wrong)};
    }

    //! Serve until something has happened.
    //! @return Whether it has, in time.
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
        return {what + "\nthe server's last calls:\n" + (m_server ? m_server->Log() : m_log)};
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
    WorkerThread hand;
    const auto state{std::make_shared<ClientState>()};
    const auto make{[&](const ClientCall& call) -> std::optional<Failure> {
        const auto ending{std::make_shared<Ending>()};
        hand.Start([call, ending, state] { *ending = Make(call, *state); });
        if (!hand.Wait(options.deadline)) {
            hand.Abandon(nullptr);
            return Failure{call.name + " has not ended within " + Describe(options.deadline)};
        }
        const std::string wrong{Judge(call.name, *ending)};
        return wrong.empty() ? std::nullopt : std::optional{Failure{wrong}};
    }};
    auto failure{make(ConnectBy(loop, fd))};
    for (size_t i{0}; i < options.calls && !failure && !choices.Exhausted(); ++i) {
        failure = make(ChooseClientCall(choices));
    }
    return failure ? failure : make(DestroyAll());
}

} // namespace mpfuzz::fuzz_interface
