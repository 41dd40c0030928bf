#include <mpfuzz/execute/executor.h>

#include <mpfuzz/base/rng.h>
#include <mpfuzz/base/testing/temporary_directory.h>
#include <mpfuzz/execute/testing/model_node_schema.h>
#include <mpfuzz/program/testing/must_parse.h>
#include <mpfuzz/stream/unix_socket.h>

#include <gtest/gtest.h>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <thread>

namespace mpfuzz::execute {
namespace {

//! Accepts connections and answers all messages with malformed ones.
class HostileServer
{
public:
    HostileServer(const std::string& path, uint64_t seed)
        : m_rng{seed}, m_socket{std::move(*stream::ListenSocket::Open(path))}, m_thread{[this] { Serve(); }}
    {
    }
    ~HostileServer()
    {
        m_stop = true;
        m_thread.join();
    }

    //! Number of malformed answers that it has sent.
    int Sent() const { return m_sent; }

private:
    void Serve()
    {
        std::vector<pollfd> fds{{m_socket.Fd(), POLLIN, 0}};
        while (!m_stop) {
            if (poll(fds.data(), fds.size(), 10) <= 0) continue;
            for (size_t i{fds.size()}; i-- > 1;) {
                if (fds[i].revents == 0 || Answer(fds[i].fd)) continue;
                close(fds[i].fd);
                fds.erase(fds.begin() + static_cast<ptrdiff_t>(i));
            }
            if (fds[0].revents != 0) fds.push_back({accept4(m_socket.Fd(), nullptr, nullptr, SOCK_CLOEXEC), POLLIN, 0});
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
        switch (m_rng.Below(4)) {
        case 0: return false;
        case 1: break; // send the client's own message back
        case 2:
            for (int i{0}; i < 4; ++i) got[m_rng.Below(got.size())] = static_cast<char>(m_rng.Next());
            break;
        default:
            got.resize(m_rng.SkewedLength(200));
            for (char& c : got) c = static_cast<char>(m_rng.OneIn(2) ? 0 : m_rng.Next());
        }
        ++m_sent;
        return send(fd, got.data(), got.size(), MSG_NOSIGNAL) >= 0;
    }

    base::Rng m_rng;
    stream::ListenSocket m_socket;
    std::atomic<bool> m_stop{false};
    std::atomic<int> m_sent{0};
    std::thread m_thread; // the last member: it uses the others
};

TEST(Executor, SurvivesAHostileServer)
{
    const base::TemporaryDirectory directory;
    TargetFile file;
    file.attach_socket = directory.Path("socket");
    HostileServer server{file.attach_socket, /*seed=*/1};
    const auto target{MakeAttachedTarget(file)};
    program::TargetRules rules;
    rules.reply = rules.bootstrap = rules.canary = rules.grace = std::chrono::milliseconds{20};
    Executor executor{*ModelNodeSchema(), *target, rules};
    const auto program{program::MustParse(*ModelNodeSchema(), R"(
        c0 = connect
        init = c0.bootstrap Init
        made = init.construct(threadMap = serve ThreadMap { makeThread: return (result = serve Thread) })
        t = made.threadMap.makeThread(name = "a")
        mining = init.makeMining(context = (thread = t.result))
        await made
        b = mining.result.createNewBlock(context = (thread = t.result))
        disconnect c0 clean
    )")};
    for (int i{0}; i < 300; ++i) {
        const auto trace{executor.Run(program)};
        ASSERT_TRUE(trace) << trace.GetError().message;
        EXPECT_EQ(trace->outcomes.size(), program.steps.size());
    }
    EXPECT_GT(server.Sent(), 300);
}

} // namespace
} // namespace mpfuzz::execute
