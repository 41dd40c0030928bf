#include <mpfuzz/triage/finding_files.h>

#include <mpfuzz/base/testing/temporary_directory.h>
#include <mpfuzz/base/text.h>
#include <mpfuzz/triage/files.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <sys/wait.h>

namespace mpfuzz::triage {
namespace {

TEST(ShellQuote, LeavesPlainWordsAndQuotesTheRest)
{
    EXPECT_EQ(ShellQuote("/a/b-c.toml"), "/a/b-c.toml");
    EXPECT_EQ(ShellQuote(""), "''");
    EXPECT_EQ(ShellQuote("a b$(c)"), "'a b$(c)'");
    EXPECT_EQ(ShellQuote("it's"), "'it'\\''s'");
}

//! A finding's directory with reproduce.sh, and a fake mpfuzz that writes its arguments to a file.
class ReproduceScriptTest : public testing::Test
{
protected:
    ReproduceScriptTest()
    {
        m_record.identity = {observe::FindingKind::CRASH, "SIGSEGV"};
        m_record.target_toml = m_directory + "/my target.toml";
        for (const char* file : {"my target.toml", "other.toml", "program.mpf"}) Write(file, "");
    }

    void Write(const std::string& file, const std::string& content, bool executable = false)
    {
        ASSERT_TRUE(WriteFile(m_directory + "/" + file, content, executable));
    }
    void Remove(const std::string& file) { std::filesystem::remove(m_directory + "/" + file); }
    //! Runs the script with an mpfuzz that exits with a status. Returns the status of the script.
    int Run(const std::string& mpfuzz_status, const std::string& arguments = "")
    {
        Write("fake", "#!/bin/sh\nprintf '%s|' \"$@\" >\"$0.out\"\nexit " + mpfuzz_status + "\n", /*executable=*/true);
        return RunWith(m_directory + "/fake", arguments);
    }
    int RunWith(const std::string& mpfuzz, const std::string& arguments = "")
    {
        Write("reproduce.sh", ReproduceScript(m_record), /*executable=*/true);
        const int status{
            std::system(("MPFUZZ=" + mpfuzz + " " + m_directory + "/reproduce.sh " + arguments + " 2>&1").c_str())};
        return WEXITSTATUS(status);
    }
    //! The arguments of the fake mpfuzz, without the path of the directory.
    std::string Arguments() const
    {
        std::string text{*ReadFile(m_directory + "/fake.out")};
        base::ReplaceAll(text, m_directory + "/", "");
        return text;
    }

    const base::TemporaryDirectory m_temporary;
    const std::string m_directory{m_temporary.Path()};
    Record m_record;
};

TEST_F(ReproduceScriptTest, ReplaysTheSmallestProgramWithTheSameExtraArguments)
{
    m_record.extra_arguments = {"--bug", "worker exception"};
    EXPECT_EQ(Run("1"), 1);
    EXPECT_EQ(Arguments(), "replay|my target.toml|program.mpf|--expect|crash: SIGSEGV|--|--bug|worker exception|");
    Write("minimal.mpf", "");
    EXPECT_EQ(Run("0", m_directory + "/other.toml --times 3"), 0);
    EXPECT_EQ(Arguments(),
              "replay|other.toml|minimal.mpf|--expect|crash: SIGSEGV|--times|3|--|--bug|worker exception|");
}

TEST_F(ReproduceScriptTest, ComparesTheTargetsOfADifference)
{
    m_record.other_toml = m_directory + "/other.toml";
    EXPECT_EQ(Run("1", "'" + m_record.target_toml + "' --trust"), 1);
    EXPECT_EQ(Arguments(), "diff|my target.toml|other.toml|--program|program.mpf|--trust|");
    Remove("other.toml");
    EXPECT_EQ(Run("1"), 125);
}

TEST_F(ReproduceScriptTest, RunsADriverAgainWithItsSeed)
{
    m_record.driver = "typed";
    m_record.seed = 7;
    m_record.extra_arguments = {"--bug", "x"};
    Remove("program.mpf");
    EXPECT_EQ(Run("1"), 1);
    EXPECT_THAT(Arguments(),
                testing::MatchesRegex("run\\|my target.toml\\|--driver\\|typed\\|--seed\\|7\\|--runs\\|1\\|"
                                      "--out\\|[^|]+\\|--\\|--bug\\|x\\|"));
    EXPECT_EQ(Run("0"), 0);
    EXPECT_EQ(Run("2"), 125);
}

TEST_F(ReproduceScriptTest, ExitsWith125IfTheFindingCannotBeTried)
{
    for (const char* status : {"2", "3", "4", "125", "255"}) EXPECT_EQ(Run(status), 125) << status;
    EXPECT_EQ(RunWith(m_directory + "/missing"), 125);
    EXPECT_EQ(RunWith(m_directory + "/program.mpf"), 125) << "not executable";
    EXPECT_EQ(Run("1", m_directory + "/missing.toml"), 125);
    EXPECT_EQ(Run("1"), 1);
    Remove("program.mpf");
    EXPECT_EQ(Run("1"), 125);
    Write("minimal.mpf", "");
    EXPECT_EQ(Run("1"), 1);
    Remove("my target.toml");
    EXPECT_EQ(Run("1"), 125);
}

TEST(ReproduceScript, ATitleCannotBecomeACommand)
{
    Record record;
    record.identity = {observe::FindingKind::CRASH, "x\nrm -rf /\r\n$(y)"};
    EXPECT_NE(ReproduceScript(record).find("# crash: x rm -rf / $(y)\n"), std::string::npos);
}

} // namespace
} // namespace mpfuzz::triage
