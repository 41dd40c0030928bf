#include <mpfuzz/execute/target.h>

#include <mpfuzz/base/testing/temporary_directory.h>
#include <mpfuzz/execute/executor.h>
#include <mpfuzz/execute/process_report.h>
#include <mpfuzz/execute/testing/model_node_schema.h>
#include <mpfuzz/program/testing/must_parse.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

#include <filesystem>

namespace mpfuzz::execute {
namespace {

namespace fs = std::filesystem;
using testing::ContainsRegex;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

//! Starts model nodes.
class SpawnedTargetTest : public testing::Test
{
protected:
    SpawnedTargetTest()
    {
        m_file.spawn.emplace();
        // The first line of the log has the options of two sanitizers.
        m_file.spawn->command = {"sh",
                                 "-c",
                                 R"(echo "$ASAN_OPTIONS $UBSAN_OPTIONS"; exec "$@")",
                                 "sh",
                                 MPFUZZ_BIN_DIR "/model_node",
                                 "--socket",
                                 "{socket}"};
        m_file.spawn->environment = {{"ASAN_OPTIONS", "abort_on_error=1"}};
    }

    std::unique_ptr<Target> Make(std::vector<std::string> extra = {})
    {
        return MakeSpawnedTarget(m_file, std::move(extra), m_directory.Path(), m_janitor);
    }
    //! Number of processes: each has a work directory.
    ptrdiff_t Count() const { return std::distance(fs::directory_iterator{m_directory.Path()}, {}); }

    base::TemporaryDirectory m_directory;
    Janitor m_janitor;
    TargetFile m_file;
};

TEST_F(SpawnedTargetTest, StartsAsManySparesAsItIsTold)
{
    const auto target{Make()};
    target->SetSpares(3);
    ASSERT_TRUE(target->Start());
    EXPECT_EQ(Count(), 1 + 3);
    target->SetSpares(1);
    EXPECT_EQ(Count(), 1 + 1);
    ASSERT_TRUE(target->Restart());
    EXPECT_THAT(target->SocketPath(), EndsWith("/1/socket")) << "the oldest";
    EXPECT_EQ(Count(), 1 + 1);
    target->SetSpares(0);
    ASSERT_TRUE(target->Restart());
    EXPECT_EQ(Count(), 1);
}

TEST_F(SpawnedTargetTest, LimitsTheNumberOfSpares)
{
    const auto target{Make({"--start-delay", "1000"})};
    ASSERT_TRUE(target->Start());
    EXPECT_EQ(target->SetSpares(4), 4U);
    EXPECT_LT(target->SetSpares(1'000), 1'000U);
}

TEST_F(SpawnedTargetTest, SwitchesSymbolizingOffAndOn)
{
    const auto target{Make()};
    ASSERT_TRUE(target->Start());
    EXPECT_THAT(target->GetProcess()->LogTail(), Not(HasSubstr("symbolize=0")));
    target->SetSymbolize(false);
    ASSERT_TRUE(target->Restart());
    EXPECT_THAT(target->GetProcess()->LogTail(), ContainsRegex("^abort_on_error=1:symbolize=0 .*symbolize=0\n"));
    target->SetSymbolize(true);
    ASSERT_TRUE(target->Restart());
    EXPECT_THAT(target->GetProcess()->LogTail(), Not(HasSubstr("symbolize=0")));
}

TEST_F(SpawnedTargetTest, MeasuresHowLongAStartTakes)
{
    constexpr std::chrono::milliseconds DELAY{30};
    const auto target{Make({"--start-delay", std::to_string(DELAY.count())})};
    EXPECT_EQ(target->StartTime().count(), 0);
    ASSERT_TRUE(target->Start());
    const auto first{target->StartTime()};
    EXPECT_GE(first, DELAY);
    ASSERT_TRUE(target->Restart());
    EXPECT_GE(target->StartTime(), DELAY);
    EXPECT_LE(target->StartTime(), first);
}

TEST_F(SpawnedTargetTest, LimitsItsLogs)
{
    // More than MAX_LOG_BYTES, into the log and into a log file.
    m_file.spawn->command[2] = R"(head -c 70000000 /dev/zero | tr '\0' x | tee "$0"; exec "$@")";
    m_file.spawn->command[3] = "{work}/debug.log";
    m_file.spawn->log_files = {"{work}/debug.log"};
    const auto target{Make()};
    target->SetSpares(0);
    Executor executor{*ModelNodeSchema(), *target, {}};
    const auto size_on_disk{[&] {
        uint64_t size{0};
        for (const char* name : {"/0/debug.log", "/0/mpfuzz-target.log"}) {
            struct stat status;
            EXPECT_EQ(stat((m_directory.Path() + name).c_str(), &status), 0);
            size += static_cast<uint64_t>(status.st_blocks) * 512;
        }
        return size;
    }};
    const auto program{program::MustParse(*ModelNodeSchema(), "delay 20ms")};
    // The executor does it while it waits.
    for (int i{0}; i == 0 || (i < 500 && size_on_disk() > 2 * MAX_LOG_BYTES); ++i) ASSERT_TRUE(executor.Run(program));
    EXPECT_LE(size_on_disk(), 2 * MAX_LOG_BYTES);
}

} // namespace
} // namespace mpfuzz::execute
