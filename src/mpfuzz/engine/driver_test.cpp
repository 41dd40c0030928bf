#include <mpfuzz/engine/driver.h>

#include <mpfuzz/schema/load.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace mpfuzz::engine {
namespace {

using testing::HasSubstr;

//! The drivers are shell scripts that need no target.
class DriverTest : public testing::Test
{
protected:
    //! The identity of the run's finding as text; empty if there is none.
    std::string Run(const std::string& script, std::chrono::milliseconds limit = std::chrono::seconds{20})
    {
        DriverRunner runner{{.name = "sh", .command = {"sh", "-c", "ulimit -c 0; " + script}, .limit = limit},
                            {m_file, *m_schema},
                            [] { return false; }};
        const auto ending{runner.Run(4)};
        EXPECT_TRUE(ending) << ending.GetError().message;
        m_log = ending ? ending->log : "";
        return ending && ending->identity ? Describe(*ending->identity) : "";
    }

    static std::shared_ptr<const schema::Schema> LoadSchema()
    {
        const std::vector<std::string> files{MPFUZZ_SOURCE_DIR "/src/mpfuzz/program/testdata/mining.capnp"};
        return *schema::LoadFiles(files, {});
    }

    const execute::TargetFile m_file{};
    const std::shared_ptr<const schema::Schema> m_schema{LoadSchema()};
    std::string m_log;
};

TEST_F(DriverTest, FindsNothingInARunThatEndsInOrder) { EXPECT_EQ(Run("test {seed} -eq 4 || exit 3"), ""); }

TEST_F(DriverTest, ReportsTheTitleThatADriverPrints)
{
    EXPECT_EQ(Run("echo hello; echo 'wrong: Add of {seed}'; exit 1"), "driver: Add of N");
    EXPECT_THAT(m_log, HasSubstr("hello\nwrong: Add of 4"));
}

TEST_F(DriverTest, ReportsTheSignalThatEndedADriver) { EXPECT_EQ(Run("kill -SEGV $$"), "crash: SIGSEGV"); }

TEST_F(DriverTest, ReportsTheExitStatusOfADriverThatPrintsNoTitle)
{
    EXPECT_EQ(Run("echo 'cannot go on'; exit 4"), "crash: exited with status 4: cannot go on");
}

TEST_F(DriverTest, ReportsADriverThatHangs)
{
    EXPECT_EQ(Run("sleep 100", std::chrono::milliseconds{50}), "no-reply: the driver sh does not end");
}

TEST_F(DriverTest, ReplaysAFindingWithItsSeed)
{
    DriverRunner runner{{.name = "sh", .command = {"sh", "-c", "test {seed} -ne 7 || { echo wrong: x; exit 1; }"}},
                        {m_file, *m_schema},
                        [] { return false; }};
    triage::StoredFinding finding;
    finding.record.seed = 7;
    const auto shown{runner.RunFresh(finding, {})};
    ASSERT_TRUE(shown);
    ASSERT_EQ(shown->size(), 1U);
    EXPECT_EQ(Describe(shown->front().identity), "driver: x");
    EXPECT_EQ(shown->front().trace.ending.log_tail, "wrong: x\n");
    finding.record.seed = 8;
    const auto other{runner.RunFresh(finding, {})};
    ASSERT_TRUE(other);
    EXPECT_TRUE(other->empty());
    EXPECT_EQ(runner.TargetStarts(), 2U);
}

TEST_F(DriverTest, NamesAProgramThatDoesNotExist)
{
    DriverRunner runner{{.name = "none", .command = {"/nowhere/driver"}}, {m_file, *m_schema}, [] { return false; }};
    const auto ending{runner.Run(1)};
    ASSERT_FALSE(ending);
    EXPECT_THAT(ending.GetError().message, HasSubstr("/nowhere/driver"));
}

} // namespace
} // namespace mpfuzz::engine
