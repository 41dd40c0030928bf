#include <mpfuzz/engine/driver.h>

#include <mpfuzz/base/testing/temporary_directory.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <vector>

namespace mpfuzz::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

//! The drivers are shell scripts that need no target.
class DriverTest : public testing::Test
{
protected:
    DriverTest()
    {
        m_options.scratch = m_directory.Path();
        m_options.keeping.findings = m_directory.Path("findings");
        m_options.keeping.replays = 2;
        m_options.keeping.stop = &m_stop;
        m_options.runs = 5;
    }

    DriverResult Run(const std::string& script, std::chrono::milliseconds limit = std::chrono::seconds{20})
    {
        const Driver driver{.name = "sh", .command = {"sh", "-c", "ulimit -c 0; " + script}, .limit = limit};
        auto result{RunDriver(driver, *m_target, m_options, {})};
        EXPECT_TRUE(result) << result.GetError().message;
        return result ? *result : DriverResult{};
    }

    static std::vector<std::string> Titles(const DriverResult& result)
    {
        std::vector<std::string> titles;
        for (const FindingReport& finding : result.findings) {
            titles.push_back(finding.identity.kind + ": " + finding.identity.title + ", " +
                             triage::Describe(finding.verdict) + ", " + std::to_string(finding.occurrences));
        }
        return titles;
    }

    base::TemporaryDirectory m_directory;
    std::atomic<bool> m_stop{false};
    DriverOptions m_options;
    std::unique_ptr<execute::Target> m_target{execute::MakeAttachedTarget({})};
};

TEST_F(DriverTest, GivesEachRunTheNextSeed)
{
    m_options.seed = 7;
    const auto result{Run("test {seed} -ge 7 && test {seed} -le 11 || exit 3")};
    EXPECT_EQ(result.runs, 5U);
    EXPECT_TRUE(result.findings.empty());
}

TEST_F(DriverTest, ReportsTheTitleThatADriverPrints)
{
    const auto result{Run("test {seed} -lt 4 && exit 0; echo hello; echo 'wrong: Add of {seed}'; exit 1")};
    EXPECT_EQ(result.runs, 5U) << "a finding does not end it";
    ASSERT_THAT(Titles(result), ElementsAre("driver: Add of N, always, 2"));
    const auto stored{triage::Load(result.findings[0].directory)};
    ASSERT_TRUE(stored) << stored.GetError().message;
    EXPECT_EQ(stored->record.driver, "sh");
    EXPECT_EQ(stored->record.seed, 4U);
    EXPECT_THAT(stored->record.target_log, HasSubstr("hello\nwrong: Add of 4"));
}

TEST_F(DriverTest, ReportsTheSignalThatEndedADriver)
{
    EXPECT_THAT(Titles(Run("kill -SEGV $$")), ElementsAre("crash: SIGSEGV, always, 5"));
}

TEST_F(DriverTest, ReportsTheExitStatusOfADriverThatPrintsNoTitle)
{
    EXPECT_THAT(Titles(Run("echo 'cannot go on'; exit 4")),
                ElementsAre("crash: exited with status 4: cannot go on, always, 5"));
}

TEST_F(DriverTest, ReportsADriverThatHangs)
{
    m_options.runs = 1;
    EXPECT_THAT(Titles(Run("sleep 100", std::chrono::milliseconds{50})),
                ElementsAre("no-reply: the driver sh does not end, always, 1"));
}

TEST_F(DriverTest, ReplaysAFindingWithItsSeed)
{
    // Only the first run with a seed fails.
    const std::string mark{m_directory.Path("seen-{seed}")};
    const auto result{Run("test -e " + mark + " && exit 0; touch " + mark + "; echo 'wrong: once'; exit 1")};
    EXPECT_THAT(Titles(result), ElementsAre("driver: once, once, 5"));
}

TEST_F(DriverTest, EndsAfterTheMaximumNumberOfFindings)
{
    m_options.max_findings = 1;
    EXPECT_EQ(Run("echo 'wrong: {seed}'; exit 1").runs, 1U);
}

TEST_F(DriverTest, EndsAtOnceIfItIsStopped)
{
    m_stop = true;
    EXPECT_EQ(Run("exit 0").runs, 0U);
}

TEST_F(DriverTest, NamesAProgramThatDoesNotExist)
{
    const Driver driver{.name = "none", .command = {"/nowhere/driver"}};
    const auto result{RunDriver(driver, *m_target, m_options, {})};
    ASSERT_FALSE(result);
    EXPECT_THAT(result.GetError().message, HasSubstr("/nowhere/driver"));
}

} // namespace
} // namespace mpfuzz::engine
