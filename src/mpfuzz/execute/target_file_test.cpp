#include <mpfuzz/execute/target_file.h>

#include <mpfuzz/base/testing/temporary_directory.h>
#include <mpfuzz/schema/load.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace mpfuzz::execute {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class TargetFileTest : public testing::Test
{
protected:
    base::Result<TargetFile> Read(const std::string& text)
    {
        return LoadTargetFile(m_directory.Write("target.toml", text), "/bin-dir");
    }

    std::string ErrorOf(const std::string& text)
    {
        const auto file{Read(text)};
        return file ? "no error" : file.GetError().message;
    }

    base::TemporaryDirectory m_directory;
};

constexpr const char* SMALL{R"(
[schema]
files = ["a.capnp"]
main_interface = "Init"
[spawn]
command = ["{bin}/server", "--socket", "{socket}"]
)"};

TEST_F(TargetFileTest, MakesPathsAbsoluteAndExpandsTheBinaryDirectory)
{
    const auto file{Read(SMALL)};
    ASSERT_TRUE(file) << file.GetError().message;
    EXPECT_EQ(file->schema_files, std::vector<std::string>{m_directory.Path("a.capnp")});
    EXPECT_EQ(file->spawn->command[0], "/bin-dir/server");
    EXPECT_EQ(file->spawn->command[2], "{socket}");
}

TEST_F(TargetFileTest, SuggestsAKeyForAnUnknownOne)
{
    EXPECT_THAT(ErrorOf(std::string{SMALL} + "sokcet = \"x\"\n"), HasSubstr("did you mean `socket`?"));
    EXPECT_THAT(ErrorOf(std::string{SMALL} + "[limit]\n"), HasSubstr("did you mean `limits`?"));
}

TEST_F(TargetFileTest, PointsAtTheLineOfAWrongType)
{
    EXPECT_THAT(ErrorOf("[schema]\nfiles = 7\n"), HasSubstr("target.toml:2:9: a list of texts was expected"));
}

TEST_F(TargetFileTest, RequiresAReasonForADeniedMethod)
{
    EXPECT_THAT(ErrorOf(std::string{SMALL} + "[rules]\ndenied = [{methods = \"Rpc.*\"}]\n"),
                HasSubstr("`reason` is missing"));
}

TEST_F(TargetFileTest, ReadsTheSignalsThatProgramsMaySend)
{
    const auto file{Read(std::string{SMALL} + "[rules]\nsignals = [\"TERM\", \"HUP\"]\n")};
    ASSERT_TRUE(file) << file.GetError().message;
    using Kind = program::Signal::Kind;
    EXPECT_EQ(file->rules.signals, (std::vector{Kind::TERM, Kind::HUP}));
    EXPECT_THAT(ErrorOf(std::string{SMALL} + "[rules]\nsignals = [\"KILL\"]\n"),
                HasSubstr("\"TERM\", \"INT\" or \"HUP\" was expected, not \"KILL\""));
}

TEST_F(TargetFileTest, RecordsThePositionOfAPostcondition)
{
    const auto file{Read(std::string{SMALL} +
                         "[rules]\nin_order_by = [\"context.thread\"]\ndeterministic = [\"Echo.*\"]\n"
                         "[[postcondition]]\nmethod = \"Echo.echo\"\n"
                         "holds = \"answer.result == argument.echo\"\nreason = \"it echoes\"\n")};
    ASSERT_TRUE(file) << file.GetError().message;
    ASSERT_EQ(file->postconditions.size(), 1U);
    EXPECT_EQ(file->postconditions[0].holds, "answer.result == argument.echo");
    EXPECT_THAT(file->postconditions[0].place, testing::EndsWith("target.toml:12:9"));
    EXPECT_EQ(file->in_order_by, std::vector<std::string>{"context.thread"});
    EXPECT_EQ(file->deterministic, std::vector<std::string>{"Echo.*"});
}

TEST_F(TargetFileTest, RequiresAllKeysOfAPostcondition)
{
    const std::string begin{std::string{SMALL} + "[[postcondition]]\nmethod = \"E.e\"\n"};
    EXPECT_THAT(ErrorOf(begin + "reason = \"r\"\n"), HasSubstr("`holds` is missing in [[postcondition]]"));
    EXPECT_THAT(ErrorOf(begin + "holds = \"1 == 1\"\n"), HasSubstr("`reason` is missing"));
    EXPECT_THAT(ErrorOf(std::string{SMALL} + "[postcondition]\nmethod = \"E.e\"\n"), HasSubstr("two brackets"));
}

TEST_F(TargetFileTest, ResolvesGlobsToMethodsOfTheSchema)
{
    m_directory.Write("a.capnp", "@0xbf5147cbbecf40c1;\n"
                                 "interface Init { echo @0 (); wait @1 (); make @2 () -> (other :Other); }\n"
                                 "interface Other { wait @0 (); stop @1 (); }\n");
    const std::string rules{"[rules]\nmay_block = [\"*.wait\"]\ndeterministic = [\"Init.echo\"]\n"};
    auto file{Read(SMALL + rules + "allowed = [{methods = \"Init.*\", reason = \"r\"}]\n")};
    ASSERT_TRUE(file) << file.GetError().message;
    const auto loaded{schema::LoadFiles(file->schema_files, {})};
    ASSERT_TRUE(loaded) << loaded.GetError().message;
    const schema::Schema& schema{**loaded};
    ASSERT_TRUE(ResolveRules(*file, schema, {"Other.*"}));
    EXPECT_EQ(file->rules.main_interface, schema.FindInterface("Init"));
    EXPECT_EQ(file->rules.may_block, schema.MatchMethods("*.wait"));
    EXPECT_EQ(file->rules.deterministic, schema.MatchMethods("Init.echo"));
    EXPECT_EQ(file->rules.only, schema.MatchMethods("Other.*"));
    EXPECT_EQ(file->rules.denied, schema.MatchMethods("Other.*")) << "all but the allowed ones";

    EXPECT_THAT(ResolveRules(*file, schema, {"Init.eco"}).GetError().message, HasSubstr("did you mean `Init.echo`?"));
    file->main_interface = "Inti";
    EXPECT_THAT(ResolveRules(*file, schema).GetError().message, HasSubstr("did you mean `Init`?"));
}

TEST_F(TargetFileTest, RequiresEitherSpawnOrAttach)
{
    EXPECT_THAT(ErrorOf("[schema]\nfiles = [\"a\"]\nmain_interface = \"I\"\n"),
                HasSubstr("exactly one of [spawn] and [attach]"));
    EXPECT_THAT(ErrorOf(std::string{SMALL} + "[attach]\nsocket = \"s\"\n"),
                HasSubstr("exactly one of [spawn] and [attach]"));
}

TEST_F(TargetFileTest, NamesAnEnvironmentVariableThatIsNotSet)
{
    unsetenv("MPFUZZ_TEST_UNSET");
    EXPECT_THAT(ErrorOf("[schema]\nfiles = [\"{env:MPFUZZ_TEST_UNSET}/a\"]\nmain_interface = \"I\"\n"),
                HasSubstr("MPFUZZ_TEST_UNSET is not set"));
}

std::string WithWord(const std::string& word)
{
    return "[schema]\nfiles = [\"a\"]\nmain_interface = \"I\"\n[spawn]\ncommand = [\"server\", '" + word + "']\n";
}

TEST_F(TargetFileTest, RefusesAnUnknownPlaceholder)
{
    EXPECT_THAT(ErrorOf(WithWord("{sokcet}")),
                AllOf(HasSubstr("target.toml: there is no placeholder `{sokcet}` in `command`"),
                      HasSubstr("did you mean `{socket}`?")));
    EXPECT_THAT(ErrorOf(WithWord("--dir={evn:HOME}/x")), HasSubstr("did you mean `{env:NAME}`?"));
    EXPECT_THAT(ErrorOf(std::string{SMALL} + "environment = {A = \"{wrok}\"}\n"), HasSubstr("in `environment`"));
    EXPECT_THAT(ErrorOf(std::string{SMALL} + "socket = \"{socket}\"\n"), HasSubstr("in `socket`"));
    EXPECT_THAT(ErrorOf("[schema]\nfiles = [\"{work}/a\"]\nmain_interface = \"I\"\n"), HasSubstr("in `files`"));
}

TEST_F(TargetFileTest, KnowsTheSeedOnlyInDrivers)
{
    EXPECT_EQ(ErrorOf(std::string{SMALL} + "[drivers]\nsoak = [\"{dir}/soak\", \"{seed}\", \"{socket}\"]\n"),
              "no error");
    EXPECT_THAT(ErrorOf(std::string{SMALL} + "[drivers]\nsoak = [\"{sede}\"]\n"), HasSubstr("did you mean `{seed}`?"));
    EXPECT_THAT(ErrorOf(WithWord("{seed}")), HasSubstr("no placeholder `{seed}`"));
}

TEST_F(TargetFileTest, LeavesOtherBracesAlone)
{
    for (const char* word : {"{}", "{ print }", "{A}", "{\"a\":1}", "${name}", "{", "}"}) {
        const auto file{Read(WithWord(word))};
        ASSERT_TRUE(file) << file.GetError().message;
        EXPECT_EQ(file->spawn->command[1], word);
    }
}

TEST_F(TargetFileTest, MayBeNamedByItsDirectory)
{
    ASSERT_TRUE(Read(SMALL));
    const auto file{LoadTargetFile(m_directory.Path(), "/bin-dir")};
    ASSERT_TRUE(file) << file.GetError().message;
    EXPECT_EQ(file->path, m_directory.Path("target.toml"));
    EXPECT_EQ(file->schema_files, std::vector<std::string>{m_directory.Path("a.capnp")});
    const base::TemporaryDirectory empty;
    EXPECT_EQ(LoadTargetFile(empty.Path(), "").GetError().message,
              empty.Path("target.toml") + ": there is no such target file");
}

TEST_F(TargetFileTest, NamesTheLineOfASyntaxError) { EXPECT_THAT(ErrorOf("a = \n"), HasSubstr("target.toml:1:")); }

TEST_F(TargetFileTest, ReportsAMissingFile)
{
    EXPECT_THAT(LoadTargetFile(m_directory.Path("none.toml"), "").GetError().message,
                HasSubstr("there is no such target file"));
}

} // namespace
} // namespace mpfuzz::execute
