#include <mpfuzz/execute/target_file.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace mpfuzz::execute {
namespace {

using testing::HasSubstr;

class TargetFileTest : public testing::Test
{
protected:
    TargetFileTest()
    {
        std::string path{(std::filesystem::temp_directory_path() / "mpfuzz-test-XXXXXX").string()};
        m_dir = mkdtemp(path.data());
    }
    ~TargetFileTest() override { std::filesystem::remove_all(m_dir); }

    base::Result<TargetFile> Read(const std::string& text)
    {
        const std::string path{m_dir + "/target.toml"};
        std::ofstream{path} << text;
        return LoadTargetFile(path, "/bin-dir");
    }

    std::string Complaint(const std::string& text)
    {
        const auto file{Read(text)};
        return file ? "no complaint" : file.GetError().message;
    }

    std::string m_dir;
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
    EXPECT_EQ(file->schema_files, std::vector<std::string>{m_dir + "/a.capnp"});
    EXPECT_EQ(file->spawn->command[0], "/bin-dir/server");
    EXPECT_EQ(file->spawn->command[2], "{socket}");
}

TEST_F(TargetFileTest, NamesTheNearestKeyForAnUnknownOne)
{
    EXPECT_THAT(Complaint(std::string{SMALL} + "sokcet = \"x\"\n"), HasSubstr("did you mean `socket`?"));
    EXPECT_THAT(Complaint(std::string{SMALL} + "[limit]\n"), HasSubstr("did you mean `limits`?"));
}

TEST_F(TargetFileTest, PointsAtTheLineOfAWrongType)
{
    EXPECT_THAT(Complaint("[schema]\nfiles = 7\n"), HasSubstr("target.toml:2:9: a list of texts was expected"));
}

TEST_F(TargetFileTest, DemandsAReasonForADeniedMethod)
{
    EXPECT_THAT(Complaint(std::string{SMALL} + "[rules]\ndenied = [{methods = \"Rpc.*\"}]\n"),
                HasSubstr("`reason` is missing"));
}

TEST_F(TargetFileTest, KnowsTheSignalsThatMayBeSent)
{
    const auto file{Read(std::string{SMALL} + "[rules]\nsignals = [\"TERM\", \"HUP\"]\n")};
    ASSERT_TRUE(file) << file.GetError().message;
    using Kind = program::Signal::Kind;
    EXPECT_EQ(file->rules.signals, (std::vector{Kind::TERM, Kind::HUP}));
    EXPECT_THAT(Complaint(std::string{SMALL} + "[rules]\nsignals = [\"KILL\"]\n"),
                HasSubstr("\"TERM\", \"INT\" or \"HUP\" was expected, not \"KILL\""));
}

TEST_F(TargetFileTest, KeepsWhereAPostconditionStands)
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

TEST_F(TargetFileTest, DemandsAWholePostcondition)
{
    const std::string begin{std::string{SMALL} + "[[postcondition]]\nmethod = \"E.e\"\n"};
    EXPECT_THAT(Complaint(begin + "reason = \"r\"\n"), HasSubstr("`holds` is missing in [[postcondition]]"));
    EXPECT_THAT(Complaint(begin + "holds = \"1 == 1\"\n"), HasSubstr("`reason` is missing"));
    EXPECT_THAT(Complaint(std::string{SMALL} + "[postcondition]\nmethod = \"E.e\"\n"), HasSubstr("two brackets"));
}

TEST_F(TargetFileTest, DemandsExactlyOneWayToReachTheTarget)
{
    EXPECT_THAT(Complaint("[schema]\nfiles = [\"a\"]\nmain_interface = \"I\"\n"),
                HasSubstr("exactly one of [spawn] and [attach]"));
    EXPECT_THAT(Complaint(std::string{SMALL} + "[attach]\nsocket = \"s\"\n"),
                HasSubstr("exactly one of [spawn] and [attach]"));
}

TEST_F(TargetFileTest, NamesAnEnvironmentVariableThatIsNotSet)
{
    unsetenv("MPFUZZ_TEST_UNSET");
    EXPECT_THAT(Complaint("[schema]\nfiles = [\"{env:MPFUZZ_TEST_UNSET}/a\"]\nmain_interface = \"I\"\n"),
                HasSubstr("MPFUZZ_TEST_UNSET is not set"));
}

TEST_F(TargetFileTest, SaysWhereTheSyntaxIsWrong) { EXPECT_THAT(Complaint("a = \n"), HasSubstr("target.toml:1:")); }

TEST_F(TargetFileTest, SaysThatThereIsNoSuchFile)
{
    EXPECT_THAT(LoadTargetFile(m_dir + "/none.toml", "").GetError().message, HasSubstr("there is no such target file"));
}

} // namespace
} // namespace mpfuzz::execute
