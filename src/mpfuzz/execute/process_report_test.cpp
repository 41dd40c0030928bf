#include <mpfuzz/execute/process_report.h>

#include <mpfuzz/base/file.h>
#include <mpfuzz/base/testing/temporary_directory.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>

namespace mpfuzz::execute {
namespace {

using testing::EndsWith;
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

uint64_t SizeOnDisk(const std::string& path)
{
    struct stat status;
    EXPECT_EQ(stat(path.c_str(), &status), 0);
    return static_cast<uint64_t>(status.st_blocks) * 512;
}

// Lines of /proc/PID/maps.
constexpr std::string_view PLAIN_MAPS{"555555554000-555555558000 r-xp 00000000 08:01 1 /usr/bin/server\n"
                                      "7ffff7dc0000-7ffff7de2000 r--p 00000000 08:01 2 /lib/libubsan.so.1.0.0\n"
                                      "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]\n"};
constexpr std::string_view SHADOW_MAP{"02008fff7000-10007fff8000 rw-p 00000000 00:00 0 \n"};

TEST(SanitizerKib, IsTwiceTheSizeOfTheQuarantine)
{
    const std::string maps{std::string{SHADOW_MAP} + std::string{PLAIN_MAPS}};
    constexpr uint64_t DEFAULT_KIB{512 << 10};
    const auto with{[&](const std::string& options) {
        return SanitizerKib(maps, "A=1" + std::string{'\0'} + "ASAN_OPTIONS=" + options + '\0' + "B=2");
    }};
    EXPECT_EQ(with(""), DEFAULT_KIB);
    EXPECT_EQ(with("quarantine_size_mb=-1"), DEFAULT_KIB);
    EXPECT_EQ(with("abort_on_error=1:quarantine_size_mb=8:symbolize=0"), 16 << 10);
    EXPECT_EQ(with("quarantine_size_mb=8:quarantine_size_mb=0"), 0);
    EXPECT_EQ(SanitizerKib(maps, ""), DEFAULT_KIB);
    EXPECT_EQ(SanitizerKib(maps, "XASAN_OPTIONS=quarantine_size_mb=8"), DEFAULT_KIB);
}

TEST(SanitizerKib, IsZeroWithoutAShadow)
{
    EXPECT_EQ(SanitizerKib(PLAIN_MAPS, "ASAN_OPTIONS=quarantine_size_mb=8"), 0U);
    EXPECT_EQ(SanitizerKib("", ""), 0U);
}

TEST(SanitizerKib, KnowsThisProcess)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    constexpr bool SANITIZED{true};
#elif defined(__has_feature)
    constexpr bool SANITIZED{__has_feature(address_sanitizer) || __has_feature(thread_sanitizer)};
#else
    constexpr bool SANITIZED{false};
#endif
    EXPECT_EQ(SanitizerKibOf(getpid()) > 0, SANITIZED);
    EXPECT_EQ(SanitizerKibOf(NO_PROCESS), 0U);
}

TEST(LimitLog, KeepsTheBeginningAndTheEndOfALogThatIsTooLong)
{
    constexpr uint64_t LIMIT{1 << 20};
    const base::TemporaryDirectory directory;
    const std::string path{directory.Write("log", "begin\n")};
    std::ofstream writer{path, std::ios::app};
    for (int i{0}; i < 10; ++i) {
        writer << std::string(LIMIT, 'x') << "end " << i << "\n" << std::flush;
        LimitLog(path, LIMIT);
        EXPECT_LE(SizeOnDisk(path), LIMIT);
    }
    std::ifstream file{path};
    std::string line;
    ASSERT_TRUE(std::getline(file, line));
    EXPECT_EQ(line, "begin");
    EXPECT_THAT(LogTailOf(path), EndsWith("xend 9\n"));
}

TEST(LimitLog, LeavesAShortLogAlone)
{
    const base::TemporaryDirectory directory;
    const std::string text(1 << 20, 'x');
    const std::string path{directory.Write("log", text)};
    LimitLog(path);
    EXPECT_EQ(base::ReadTail(path, 2 * text.size()), text);
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
