#include <mpfuzz/execute/process.h>

#include <mpfuzz/base/testing/temporary_directory.h>
#include <mpfuzz/execute/janitor.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

namespace mpfuzz::execute {
namespace {

namespace fs = std::filesystem;

class ProcessTest : public testing::Test
{
protected:
    base::Result<Process> Shell(const std::string& script)
    {
        return Process::Spawn({"sh", "-c", script}, {{"MPFUZZ_TEST", "yes"}}, m_directory.Path(),
                              m_directory.Path("log"));
    }
    std::string Log()
    {
        std::ifstream file{m_directory.Path("log")};
        return {std::istreambuf_iterator<char>{file}, {}};
    }
    static Exit WaitFor(Process& process)
    {
        pollfd descriptor{process.PidFd(), POLLIN, 0};
        EXPECT_EQ(poll(&descriptor, 1, 10'000), 1);
        return process.Poll().value_or(Exit{});
    }

    base::TemporaryDirectory m_directory;
};

//! Wait until the condition holds. Returns false if it does not within ten seconds.
bool Eventually(const std::function<bool()>& condition)
{
    const auto end{std::chrono::steady_clock::now() + std::chrono::seconds{10}};
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    return true;
}

//! True if a process exists and is no zombie.
bool IsRunning(pid_t pid)
{
    std::ifstream file{"/proc/" + std::to_string(pid) + "/stat"};
    const std::string stat{std::istreambuf_iterator<char>{file}, {}};
    const size_t name_end{stat.rfind(')')};
    return name_end != std::string::npos && stat.size() > name_end + 2 && stat[name_end + 2] != 'Z';
}

TEST_F(ProcessTest, HasItsDirectoryEnvironmentAndLog)
{
    auto process{Shell("pwd; echo $MPFUZZ_TEST >&2; exit 7")};
    ASSERT_TRUE(process) << process.GetError().message;
    const Exit exit{WaitFor(*process)};
    EXPECT_EQ(exit.status, 7);
    EXPECT_EQ(exit.signal, std::nullopt);
    EXPECT_EQ(Log(), fs::canonical(m_directory.Path()).string() + "\nyes\n");
}

TEST_F(ProcessTest, ReportsTheSignalThatEndedIt)
{
    auto process{Shell("kill -SEGV $$")};
    ASSERT_TRUE(process);
    EXPECT_EQ(WaitFor(*process).signal, SIGSEGV);
}

TEST_F(ProcessTest, NamesAProgramThatCannotBeExecuted)
{
    const auto process{Process::Spawn({"/no/such/program"}, {}, m_directory.Path(), m_directory.Path("log"))};
    ASSERT_FALSE(process);
    EXPECT_THAT(process.GetError().message, testing::HasSubstr("/no/such/program: cannot be executed: No such file"));
}

TEST_F(ProcessTest, KillsTheWholeGroup)
{
    auto process{Shell("sleep 1000 & echo $!; wait")};
    ASSERT_TRUE(process);
    ASSERT_TRUE(Eventually([&] { return Log().ends_with('\n'); }));
    const pid_t grandchild{std::stoi(Log())};
    EXPECT_TRUE(IsRunning(grandchild));
    process->Kill();
    EXPECT_TRUE(Eventually([&] { return !IsRunning(grandchild); }));
}

TEST_F(ProcessTest, JanitorCleansUpAfterAKilledProcess)
{
    const std::string work{m_directory.Path("work")};
    std::array<int, 2> report;
    ASSERT_EQ(pipe(report.data()), 0);
    const pid_t harness{fork()};
    if (harness == 0) {
        Janitor janitor;
        fs::create_directories(work + "/deep");
        janitor.AddDirectory(work);
        auto process{Shell("sleep 1000 & wait")};
        janitor.AddGroup(process->Pid());
        const pid_t pid{process->Pid()};
        (void)!write(report[1], &pid, sizeof(pid));
        pause();
    }
    pid_t target{0};
    ASSERT_EQ(read(report[0], &target, sizeof(target)), static_cast<ssize_t>(sizeof(target)));
    EXPECT_TRUE(IsRunning(target));
    kill(harness, SIGKILL);
    waitpid(harness, nullptr, 0);
    EXPECT_TRUE(Eventually([&] { return !IsRunning(target) && !fs::exists(work); }));
    close(report[0]);
    close(report[1]);
}

} // namespace
} // namespace mpfuzz::execute
