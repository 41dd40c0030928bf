#include <mpfuzz/execute/executor.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/base/rng.h>
#include <mpfuzz/base/testing/temporary_directory.h>
#include <mpfuzz/execute/testing/model_node_schema.h>
#include <mpfuzz/program/testing/must_parse.h>
#include <mpfuzz/stream/unix_socket.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <thread>

namespace mpfuzz::execute {
namespace {

using testing::HasSubstr;

//! What a hostile server does with the bytes that it has received: it sends these bytes back, or closes the connection
//! if it gets nullopt.
using Reaction = std::function<std::optional<std::string>(const std::string& received)>;

//! Accepts connections and reacts to everything that it receives.
class HostileServer
{
public:
    HostileServer(const std::string& path, Reaction react)
        : m_react{std::move(react)}, m_socket{std::move(*stream::ListenSocket::Open(path))}, m_thread{
                                                                                                 [this] { Serve(); }}
    {
    }
    ~HostileServer()
    {
        m_stop = true;
        m_thread.join();
    }

    //! Number of answers that it has sent.
    int Sent() const { return m_sent; }
    //! Close the socket and all connections. To be called by the reaction.
    void GoAway()
    {
        m_stop = true;
        m_socket.reset();
    }

private:
    void Serve()
    {
        std::vector<pollfd> fds{{m_socket->Fd(), POLLIN, 0}};
        while (!m_stop) {
            if (poll(fds.data(), fds.size(), 10) <= 0) continue;
            for (size_t i{fds.size()}; i-- > 1;) {
                if (fds[i].revents == 0 || Answer(fds[i].fd)) continue;
                close(fds[i].fd);
                fds.erase(fds.begin() + static_cast<ptrdiff_t>(i));
            }
            if (m_socket && fds[0].revents != 0)
                fds.push_back({accept4(m_socket->Fd(), nullptr, nullptr, SOCK_CLOEXEC), POLLIN, 0});
        }
        for (size_t i{1}; i < fds.size(); ++i) close(fds[i].fd);
    }

    //! Returns false if the connection is to be closed.
    bool Answer(int fd)
    {
        std::string got(4096, 0);
        const ssize_t size{read(fd, got.data(), got.size())};
        if (size <= 0) return false;
        got.resize(static_cast<size_t>(size));
        const auto answer{m_react(got)};
        if (!answer) return false;
        ++m_sent;
        return send(fd, answer->data(), answer->size(), MSG_NOSIGNAL) >= 0;
    }

    Reaction m_react;
    std::optional<stream::ListenSocket> m_socket;
    std::atomic<bool> m_stop{false};
    std::atomic<int> m_sent{0};
    std::thread m_thread; // the last member: it uses the others
};

//! Runs programs on a hostile server that mpfuzz did not start.
class HostileServerTest : public testing::Test
{
protected:
    void Serve(Reaction react) { m_server.emplace(m_directory.Path("socket"), std::move(react)); }

    trace::Trace Run()
    {
        if (!m_executor) {
            m_file.attach_socket = m_directory.Path("socket");
            m_target = MakeAttachedTarget(m_file);
            m_executor = std::make_unique<Executor>(*ModelNodeSchema(), *m_target, m_rules);
        }
        auto trace{m_executor->Run(m_program)};
        CHECK(trace, trace ? "" : trace.GetError().message);
        return *trace;
    }

    base::TemporaryDirectory m_directory;
    program::TargetRules m_rules{[] {
        program::TargetRules rules;
        rules.reply = rules.bootstrap = rules.canary = rules.grace = std::chrono::milliseconds{20};
        return rules;
    }()};
    program::Program m_program{program::MustParse(*ModelNodeSchema(), R"(
        c0 = connect
        init = c0.bootstrap Init
        made = init.construct(threadMap = serve ThreadMap { makeThread: return (result = serve Thread) })
        t = made.threadMap.makeThread(name = "a")
        mining = init.makeMining(context = (thread = t.result))
        await made
        b = mining.result.createNewBlock(context = (thread = t.result))
        disconnect c0 clean
    )")};
    TargetFile m_file;
    std::optional<HostileServer> m_server;
    std::unique_ptr<Target> m_target;
    std::unique_ptr<Executor> m_executor;
};

//! Closes the connection, sends the client's own message back, or sends a malformed one.
std::optional<std::string> Malform(std::string received, base::Rng& rng)
{
    switch (rng.Below(4)) {
    case 0: return std::nullopt;
    case 1: break;
    case 2:
        for (int i{0}; i < 4; ++i) received[rng.Below(received.size())] = static_cast<char>(rng.Next());
        break;
    default:
        received.resize(rng.SkewedLength(200));
        for (char& c : received) c = static_cast<char>(rng.OneIn(2) ? 0 : rng.Next());
    }
    return received;
}

TEST_F(HostileServerTest, NeitherStopsTheExecutorNorIsCalledDead)
{
    Serve([rng = base::Rng{1}](const std::string& received) mutable { return Malform(received, rng); });
    for (int i{0}; i < 100; ++i) {
        const auto trace{Run()};
        EXPECT_EQ(trace.outcomes.size(), m_program.steps.size());
        ASSERT_TRUE(trace.ending.alive);
    }
    EXPECT_GT(m_server->Sent(), 100);
}

TEST_F(HostileServerTest, IsAliveIfItClosesEveryConnection)
{
    Serve([](const std::string&) { return std::nullopt; });
    for (int i{0}; i < 3; ++i) {
        const auto trace{Run()};
        EXPECT_TRUE(trace.ending.alive);
        EXPECT_FALSE(trace.ending.responsive);
        EXPECT_FALSE(trace.ending.main_interface_seen);
        ASSERT_EQ(trace.ending.closed.size(), i == 0 ? 1U : 2U) << "a new one, and except at first the program's";
        EXPECT_EQ(trace.ending.closed.back().connection, std::nullopt);
        if (i > 0) EXPECT_EQ(trace.ending.closed[0].connection, 0U);
    }
}

TEST_F(HostileServerTest, IsAliveIfItSendsSomethingElseThanMessages)
{
    Serve([](const std::string&) { return "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"; });
    Run();
    const auto trace{Run()};
    EXPECT_TRUE(trace.ending.alive);
    EXPECT_FALSE(trace.ending.main_interface_seen);
    ASSERT_EQ(trace.ending.closed.size(), 2U);
    for (const auto& closing : trace.ending.closed) EXPECT_THAT(closing.reason, HasSubstr("too many segments"));
}

TEST_F(HostileServerTest, IsAliveButUnresponsiveIfItAcceptsConnectionsAndNeverAnswers)
{
    Serve([](const std::string&) { return ""; });
    for (const bool first : {true, false}) {
        const auto trace{Run()};
        EXPECT_TRUE(trace.ending.alive);
        EXPECT_FALSE(trace.ending.responsive);
        EXPECT_FALSE(trace.ending.main_interface_seen);
        EXPECT_TRUE(trace.ending.closed.empty());
        EXPECT_EQ(trace.outcomes[0].status == trace::Status::SKIPPED, first) << "the first program is not run";
    }
}

TEST_F(HostileServerTest, IsGoneIfNobodyListensOnItsSocket)
{
    Serve([this](const std::string&) {
        m_server->GoAway();
        return std::nullopt;
    });
    const auto trace{Run()};
    EXPECT_FALSE(trace.ending.alive);
    EXPECT_EQ(trace.ending.signal, std::nullopt);
    EXPECT_EQ(trace.ending.status, std::nullopt);
}

} // namespace
} // namespace mpfuzz::execute
