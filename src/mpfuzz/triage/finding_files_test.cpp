#include <mpfuzz/triage/finding_files.h>

#include <gtest/gtest.h>

namespace mpfuzz::triage {
namespace {

TEST(ShellQuote, LeavesPlainWordsAndQuotesTheRest)
{
    EXPECT_EQ(ShellQuote("/a/b-c.toml"), "/a/b-c.toml");
    EXPECT_EQ(ShellQuote(""), "''");
    EXPECT_EQ(ShellQuote("a b$(c)"), "'a b$(c)'");
    EXPECT_EQ(ShellQuote("it's"), "'it'\\''s'");
}

TEST(ReproduceScript, ReplaysTheSmallestProgramWithTheSameExtraArguments)
{
    Record record;
    record.identity = {"crash", "SIGSEGV"};
    record.target_toml = "/x/my target.toml";
    record.extra_arguments = {"--bug", "worker exception"};
    const std::string script{ReproduceScript(record)};
    EXPECT_EQ(script.rfind("#!/bin/sh\n", 0), 0U);
    EXPECT_NE(script.find("target='/x/my target.toml'\n"), std::string::npos) << script;
    EXPECT_NE(script.find("replay \"$target\" \"$program\" \"$@\" -- --bug 'worker exception'\n"), std::string::npos)
        << script;
}

TEST(ReproduceScript, ComparesTheTargetsOfADifference)
{
    Record record;
    record.identity = {"differential", "Echo.echo: the answers differ in result"};
    record.target_toml = "/a/target.toml";
    record.other_toml = "/b c/target.toml";
    const std::string script{ReproduceScript(record)};
    EXPECT_NE(script.find("diff \"$target\" '/b c/target.toml' --program \"$program\" \"$@\"\n"), std::string::npos)
        << script;
}

TEST(ReproduceScript, RunsADriverAgainWithItsSeed)
{
    Record record;
    record.identity = {"driver", "Add of N"};
    record.target_toml = "/a/target.toml";
    record.driver = "typed";
    record.seed = 7;
    record.extra_arguments = {"--bug", "x"};
    const std::string script{ReproduceScript(record)};
    EXPECT_NE(
        script.find("run \"$target\" --driver typed --seed 7 --runs 1 --out \"$(mktemp -d)\" \"$@\" -- --bug x\n"),
        std::string::npos)
        << script;
}

TEST(ReproduceScript, ATitleCannotBecomeACommand)
{
    Record record;
    record.identity = {"crash", "x\nrm -rf /\r\n$(y)"};
    EXPECT_NE(ReproduceScript(record).find("# crash: x rm -rf / $(y)\n"), std::string::npos);
}

} // namespace
} // namespace mpfuzz::triage
