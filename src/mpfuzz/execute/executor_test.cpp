#include <mpfuzz/execute/executor.h>

#include <mpfuzz/base/rng.h>
#include <mpfuzz/program/parse.h>
#include <mpfuzz/schema/load.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <thread>

namespace mpfuzz::execute {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using trace::Status;

std::shared_ptr<const schema::Schema> ModelNodeSchema()
{
    static const auto SCHEMA{[] {
        const std::string dir{MPFUZZ_SOURCE_DIR "/targets"};
        return *schema::LoadFiles(std::vector<std::string>{dir + "/model_node/schema/init.capnp"},
                                  std::vector<std::string>{dir + "/schema"});
    }()};
    return SCHEMA;
}

program::Program MustParse(std::string_view text)
{
    auto program{program::Parse(*ModelNodeSchema(), text)};
    EXPECT_TRUE(program) << program.GetError().message;
    return *program;
}

class TemporaryDirectory
{
public:
    TemporaryDirectory() : m_path{(fs::temp_directory_path() / "mpfuzz-test-XXXXXX").string()}
    {
        mkdtemp(m_path.data());
    }
    ~TemporaryDirectory() { fs::remove_all(m_path); }
    const std::string& Path() const { return m_path; }

private:
    std::string m_path;
};

program::TargetRules ShortDeadlines()
{
    program::TargetRules rules;
    // Generous for a sanitizer build on a busy machine; nothing here is measured.
    rules.reply = std::chrono::milliseconds{20'000};
    for (const char* name : {"Mining.waitTipChanged", "BlockTemplate.waitNext"}) {
        for (const auto ref : ModelNodeSchema()->MatchMethods(name)) rules.may_block.push_back(ref);
    }
    return rules;
}

//! On a real model node.
class ExecutorTest : public testing::Test
{
protected:
    explicit ExecutorTest(std::vector<std::string> extra = {})
        : m_target{Start(std::move(extra))}, m_executor{*ModelNodeSchema(), *m_target, ShortDeadlines()}
    {
    }

    std::unique_ptr<Target> Start(std::vector<std::string> extra)
    {
        m_file.spawn.emplace();
        m_file.spawn->command = {MPFUZZ_BIN_DIR "/model_node", "--socket", "{socket}"};
        return MakeSpawnedTarget(m_file, std::move(extra), m_directory.Path(), m_janitor);
    }

    trace::Trace Run(std::string_view steps, bool await_each = false)
    {
        auto trace{m_executor.Run(MustParse(PREAMBLE + std::string{steps}), await_each)};
        EXPECT_TRUE(trace) << trace.GetError().message;
        return *trace;
    }

    //! Index of the first step behind PREAMBLE.
    static constexpr size_t FIRST{5};
    static constexpr const char* PREAMBLE{R"(
        c0 = connect
        init = c0.bootstrap Init
        made = init.construct(threadMap = serve ThreadMap { makeThread: return (result = serve Thread) })
        t = made.threadMap.makeThread(name = "a")
        mining = init.makeMining(context = (thread = t.result))
    )"};

    TemporaryDirectory m_directory;
    Janitor m_janitor;
    TargetFile m_file;
    std::unique_ptr<Target> m_target;
    Executor m_executor;
};

TEST_F(ExecutorTest, PipelinesThroughUnansweredCalls)
{
    const auto trace{Run("tip = mining.result.getTip(context = (thread = t.result))")};
    for (size_t i{1}; i <= FIRST; ++i) EXPECT_EQ(trace.outcomes[i].status, Status::ANSWERED) << i;
    ASSERT_TRUE(trace.outcomes[FIRST].answer);
    // All were sent before any was answered.
    EXPECT_LT(trace.outcomes[FIRST].sent_ns, trace.outcomes[1].ended_ns);
    EXPECT_TRUE(trace.ending.alive && trace.ending.responsive);
}

TEST_F(ExecutorTest, AwaitsEachCallWhereItIsAskedTo)
{
    const auto trace{Run("tip = mining.result.getTip(context = (thread = t.result))", /*await_each=*/true)};
    EXPECT_EQ(trace.outcomes[FIRST].status, Status::ANSWERED);
    EXPECT_GE(trace.outcomes[FIRST].sent_ns, trace.outcomes[FIRST - 1].ended_ns);
}

TEST_F(ExecutorTest, HandsBackDataThatAnEarlierAnswerHeld)
{
    const auto trace{Run(R"(
        block = mining.result.createNewBlock(context = (thread = t.result), cooldown = false)
        header = block.result.getBlockHeader(context = (thread = t.result))
        bytes = block.result.getBlock(context = (thread = t.result))
        whole = mining.result.checkBlock(context = (thread = t.result), block = $bytes.result, options = (checkPow = false))
        cut = mining.result.checkBlock(context = (thread = t.result), block = $bytes.result|cut(79), options = (checkPow = false))
    )")};
    EXPECT_EQ(trace.outcomes[FIRST + 3].status, Status::ANSWERED) << trace.outcomes[FIRST + 3].message;
    EXPECT_EQ(trace.outcomes[FIRST + 4].status, Status::EXCEPTION);
}

TEST_F(ExecutorTest, TurnsErrorAnswersIntoData)
{
    const auto trace{Run(R"(
        absent = mining.result.getTip()
        foreign = mining.result.getTip(context = (thread = serve Thread))
        wrong = (t.result as Mining).getTip()
    )")};
    EXPECT_EQ(trace.outcomes[FIRST].status, Status::EXCEPTION);
    EXPECT_EQ(trace.outcomes[FIRST + 1].status, Status::EXCEPTION);
    EXPECT_EQ(trace.outcomes[FIRST + 2].exception, trace::ExceptionKind::UNIMPLEMENTED);
    EXPECT_TRUE(trace.ending.alive);
}

TEST_F(ExecutorTest, UsesNothingAfterItWasDropped)
{
    const auto trace{Run(R"(
        drop mining.result
        tip = mining.result.getTip(context = (thread = t.result))
    )")};
    EXPECT_EQ(trace.outcomes[FIRST + 1].status, Status::LOCAL);
}

TEST_F(ExecutorTest, KeepsWhatLaterStepsNeedOfADroppedAnswer)
{
    const auto trace{Run(R"(
        drop init
        tip = mining.result.getTip(context = (thread = t.result))
    )")};
    EXPECT_EQ(trace.outcomes[FIRST + 1].status, Status::ANSWERED);
}

TEST_F(ExecutorTest, DoesNotHoldABlockedCallAgainstTheTarget)
{
    const auto trace{Run(R"(
        tip = mining.result.getTip(context = (thread = t.result))
        wait = mining.result.waitTipChanged(context = (thread = t.result), currentTip = $tip.result.hash, timeout = 1000000)
        behind = mining.result.getTip(context = (thread = t.result))
        await behind
    )")};
    EXPECT_EQ(trace.outcomes[FIRST + 2].status, Status::UNANSWERED);
    EXPECT_FALSE(trace.outcomes[FIRST + 2].awaited);
    EXPECT_TRUE(trace.ending.responsive);
}

TEST_F(ExecutorTest, CancelsACallThatIsWaiting)
{
    const auto trace{Run(R"(
        tip = mining.result.getTip(context = (thread = t.result))
        wait = mining.result.waitTipChanged(context = (thread = t.result), currentTip = $tip.result.hash, timeout = 1000000)
        cancel wait
        behind = mining.result.getTip(context = (thread = t.result))
    )")};
    EXPECT_EQ(trace.outcomes[FIRST + 1].status, Status::CANCELED);
    EXPECT_EQ(trace.outcomes[FIRST + 3].status, Status::ANSWERED);
}

TEST_F(ExecutorTest, UsesSeveralConnectionsAndEachOthersObjects)
{
    const auto trace{Run(R"(
        c1 = connect
        other = c1.bootstrap Init
        others = other.construct(threadMap = made.threadMap)
        thread = others.threadMap.makeThread(name = "b")
        echo = other.makeEcho(context = (thread = thread.result))
        said = echo.result.echo(context = (thread = thread.result), echo = "hello")
        disconnect c0 abrupt
        again = echo.result.echo(context = (thread = thread.result), echo = "still there")
        gone = mining.result.getTip(context = (thread = t.result))
    )")};
    EXPECT_EQ(trace.outcomes[FIRST + 5].status, Status::ANSWERED) << trace.outcomes[FIRST + 5].message;
    EXPECT_EQ(trace.outcomes[FIRST + 7].status, Status::ANSWERED) << trace.outcomes[FIRST + 7].message;
    EXPECT_EQ(trace.outcomes[FIRST + 8].status, Status::LOCAL);
}

TEST_F(ExecutorTest, RefusesASignalThatTheTargetFileDoesNotAllow)
{
    EXPECT_FALSE(m_executor.Supports(MustParse("signal TERM")));
    EXPECT_TRUE(m_executor.Supports(MustParse(PREAMBLE)));
}

//! On a model node with a planted bug.
class DyingTargetTest : public ExecutorTest
{
protected:
    DyingTargetTest() : ExecutorTest{{"--bug", "option-range"}} {}
};

TEST_F(DyingTargetTest, TellsItsSignalAndItsLastWords)
{
    const auto trace{
        Run("b = mining.result.createNewBlock(context = (thread = t.result), options = (blockReservedWeight = 0))")};
    EXPECT_FALSE(trace.ending.alive);
    EXPECT_EQ(trace.ending.signal, SIGABRT);
    EXPECT_THAT(trace.ending.log_tail, HasSubstr("Assertion"));
    // And the next program finds a fresh one.
    ASSERT_TRUE(m_executor.Restart());
    EXPECT_TRUE(Run("").ending.alive);
}

//! Accepts connections and answers whatever comes with nonsense.
class HostileServer
{
public:
    HostileServer(const std::string& path, uint64_t seed) : m_rng{seed}
    {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, path.c_str(), path.size());
        m_listen = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        CHECK(bind(m_listen, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0, path);
        CHECK(listen(m_listen, 64) == 0);
        m_thread = std::thread{[this] { Serve(); }};
    }
    ~HostileServer()
    {
        m_stop = true;
        m_thread.join();
        close(m_listen);
    }

private:
    void Serve()
    {
        std::vector<pollfd> fds{{m_listen, POLLIN, 0}};
        while (!m_stop) {
            if (poll(fds.data(), fds.size(), 10) <= 0) continue;
            for (size_t i{fds.size()}; i-- > 1;) {
                if (fds[i].revents == 0 || Answer(fds[i].fd)) continue;
                close(fds[i].fd);
                fds.erase(fds.begin() + static_cast<ptrdiff_t>(i));
            }
            if (fds[0].revents != 0) fds.push_back({accept4(m_listen, nullptr, nullptr, SOCK_CLOEXEC), POLLIN, 0});
        }
        for (size_t i{1}; i < fds.size(); ++i) close(fds[i].fd);
    }

    //! @return False where the connection is to be closed.
    bool Answer(int fd)
    {
        std::string got(4096, 0);
        const ssize_t size{read(fd, got.data(), got.size())};
        if (size <= 0) return false;
        got.resize(static_cast<size_t>(size));
        switch (m_rng.Below(4)) {
        case 0: return false;
        case 1: break; // its own words, which are a message in the wrong direction
        case 2:
            for (int i{0}; i < 4; ++i) got[m_rng.Below(got.size())] = static_cast<char>(m_rng.Next());
            break;
        default:
            got.resize(m_rng.SkewedLength(200));
            for (char& c : got) c = static_cast<char>(m_rng.OneIn(2) ? 0 : m_rng.Next());
        }
        return send(fd, got.data(), got.size(), MSG_NOSIGNAL) >= 0;
    }

    base::Rng m_rng;
    int m_listen{-1};
    std::atomic<bool> m_stop{false};
    std::thread m_thread;
};

TEST(Executor, SurvivesAHostileServer)
{
    TemporaryDirectory directory;
    TargetFile file;
    file.attach_socket = directory.Path() + "/socket";
    HostileServer server{file.attach_socket, /*seed=*/1};
    const auto target{MakeAttachedTarget(file)};
    program::TargetRules rules;
    rules.reply = rules.bootstrap = rules.canary = rules.grace = std::chrono::milliseconds{20};
    Executor executor{*ModelNodeSchema(), *target, rules};
    const auto program{MustParse(R"(
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
}

} // namespace
} // namespace mpfuzz::execute
