#include <mpfuzz/execute/usage.h>

#include <gtest/gtest.h>

#include <fcntl.h>
#include <unistd.h>

#include <thread>

namespace mpfuzz::execute {
namespace {

TEST(Usage, CountsThreadsAndDescriptors)
{
    const auto before{UsageOf(getpid())};
    ASSERT_TRUE(before);
    EXPECT_GT(before->memory_kib, 100U);
    int ends[2];
    ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
    std::thread waiting{[&] {
        char byte;
        EXPECT_EQ(read(ends[0], &byte, 1), 0);
    }};
    const auto during{UsageOf(getpid())};
    ASSERT_TRUE(during);
    EXPECT_EQ(during->threads, before->threads + 1);
    EXPECT_EQ(during->descriptors, before->descriptors + 2);
    close(ends[1]);
    waiting.join();
    close(ends[0]);
    EXPECT_EQ(UsageOf(getpid())->threads, before->threads);
}

TEST(Usage, SaysWhatEveryThreadWaitsFor)
{
    const std::string waits{WaitsOf(getpid())};
    EXPECT_NE(waits.find("thread " + std::to_string(getpid()) + " \"execute_test\": R (running)"), std::string::npos)
        << waits;
    EXPECT_EQ(WaitsOf(0x7fffffff), "");
}

TEST(Usage, KnowsNothingOfAProcessThatIsNotThere) { EXPECT_FALSE(UsageOf(0x7fffffff)); }

} // namespace
} // namespace mpfuzz::execute
