#include <mpfuzz/execute/process_report.h>

#include <mpfuzz/base/testing/temporary_directory.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

namespace mpfuzz::execute {
namespace {

using testing::HasSubstr;

constexpr pid_t NO_PROCESS{0x7fffffff};

std::string LogTailOfText(const std::string& text)
{
    const base::TemporaryDirectory directory;
    return LogTailOf(directory.Write("log", text));
}

const std::string FILLER(LOG_TAIL_BYTES, 'x');
const std::string HEADING{"==17==ERROR: AddressSanitizer: SEGV on unknown address\n"};

TEST(LogTail, IsTheEndOfALog)
{
    EXPECT_EQ(LogTailOfText("bye\n"), "bye\n");
    EXPECT_EQ(LogTailOfText("y" + FILLER), FILLER);
    EXPECT_EQ(LogTailOf("/nonexistent"), "");
}

TEST(LogTail, BeginsAtALongReport)
{
    EXPECT_EQ(LogTailOfText("before\n" + HEADING + FILLER + FILLER), HEADING + FILLER + FILLER);
    EXPECT_EQ(LogTailOfText(HEADING + FILLER), HEADING + FILLER) << "it is the first line";
    const std::string race{"WARNING: ThreadSanitizer: data race (pid=17)\n"};
    EXPECT_EQ(LogTailOfText("before\n" + HEADING + race + FILLER), race + FILLER);
}

TEST(LogTail, IncludesTheTextBeforeAShortReport)
{
    const std::string tail{LogTailOfText(FILLER + "\n" + HEADING)};
    EXPECT_EQ(tail.size(), LOG_TAIL_BYTES);
    EXPECT_TRUE(tail.ends_with("x\n" + HEADING));
}

TEST(LogTail, IsBounded) { EXPECT_EQ(LogTailOfText(HEADING + std::string(LONGEST_REPORT_BYTES, 'x')), FILLER); }

//! A child process that has stopped itself: its numbers and its threads' states no longer change.
class StoppedProcess
{
public:
    StoppedProcess(int threads, int descriptors) : m_pid{fork()}
    {
        if (m_pid == 0) {
            prctl(PR_SET_NAME, "stopped");
            for (int i{0}; i < descriptors; ++i) open("/dev/null", O_RDONLY | O_CLOEXEC);
            for (int i{0}; i < threads; ++i) {
                pthread_t thread;
                pthread_create(
                    &thread, nullptr, [](void*) -> void* { return pause(), nullptr; }, nullptr);
            }
            raise(SIGSTOP);
            _exit(0);
        }
        // The kernel reports the stop once all threads have stopped.
        int status{0};
        CHECK(waitpid(m_pid, &status, WUNTRACED) == m_pid && WIFSTOPPED(status), status);
    }
    ~StoppedProcess()
    {
        kill(m_pid, SIGKILL);
        waitpid(m_pid, nullptr, 0);
    }
    StoppedProcess(const StoppedProcess&) = delete;
    StoppedProcess& operator=(const StoppedProcess&) = delete;

    pid_t Pid() const { return m_pid; }

private:
    pid_t m_pid;
};

TEST(Usage, CountsThreadsDescriptorsAndMemory)
{
    const StoppedProcess small{/*threads=*/0, /*descriptors=*/0};
    const StoppedProcess large{/*threads=*/3, /*descriptors=*/5};
    const auto before{UsageOf(small.Pid())};
    const auto after{UsageOf(large.Pid())};
    ASSERT_TRUE(before && after);
    EXPECT_EQ(after->threads, before->threads + 3);
    EXPECT_EQ(after->descriptors, before->descriptors + 5);
    EXPECT_GT(before->memory_kib, 100U);
}

TEST(Usage, IsUnknownIfTheProcessDoesNotExist) { EXPECT_FALSE(UsageOf(NO_PROCESS)); }

TEST(Waits, TellTheStateOfEveryThread)
{
    const StoppedProcess process{/*threads=*/2, /*descriptors=*/0};
    const std::string waits{WaitsOf(process.Pid())};
    EXPECT_THAT(waits, HasSubstr("thread " + std::to_string(process.Pid()) + " \"stopped\": T (stopped), in "));
    const auto usage{UsageOf(process.Pid())};
    ASSERT_TRUE(usage);
    EXPECT_GE(usage->threads, 3U);
    EXPECT_EQ(static_cast<uint32_t>(std::ranges::count(waits, '\n')), usage->threads) << waits;
    EXPECT_EQ(WaitsOf(NO_PROCESS), "");
}

} // namespace
} // namespace mpfuzz::execute
