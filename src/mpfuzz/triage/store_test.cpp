#include <mpfuzz/triage/store.h>

#include <mpfuzz/base/testing/temporary_directory.h>
#include <mpfuzz/triage/files.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace mpfuzz::triage {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class StoreTest : public testing::Test
{
protected:
    static Record Example()
    {
        return {.identity = {observe::FindingKind::CRASH, "SIGSEGV in node::F (f.cpp)"},
                .verdict = {2, 5},
                .program = "c0 = connect\nc1 = connect\n",
                .minimal = {},
                .trace = "connect done\n",
                .target_log = std::string{"bye\xff\0", 5},
                .schema_hash = 0x00ab'cdef'0123'4567,
                .seed = UINT64_MAX,
                .time = "2026-01-31T23:59:59Z",
                .target_toml = "/x/target.toml",
                .extra_arguments = {"--bug", "a b"},
                .command_line = {"mpfuzz", "run"},
                .environment = {"0.1.0", "clang", "Linux", "01fe"}};
    }

    Saved MustSave(const Record& record)
    {
        auto saved{Save(m_findings, record, &m_witness)};
        EXPECT_TRUE(saved) << saved.GetError().message;
        return saved ? *saved : Saved{};
    }

    //! Names of all files in the findings directory and its sub-directories, sorted.
    std::vector<std::string> Files() const
    {
        std::vector<std::string> files;
        if (!fs::exists(m_findings)) return files;
        for (const auto& entry : fs::recursive_directory_iterator{m_findings}) {
            if (entry.is_regular_file()) files.push_back(entry.path().filename().string());
        }
        std::sort(files.begin(), files.end());
        return files;
    }

    const Witness m_witness{.program = "c0 = connect\nc1 = connect\n"};
    const base::TemporaryDirectory m_directory;
    const std::string m_root{m_directory.Path()};
    const std::string m_findings{m_directory.Path("out/findings")};
};

TEST_F(StoreTest, LoadReturnsAllThatWasSaved)
{
    const Record record{Example()};
    const Saved saved{MustSave(record)};
    EXPECT_TRUE(saved.is_new);
    EXPECT_EQ(saved.directory, m_findings + "/" + DirectoryName(record.identity));
    EXPECT_THAT(Files(), ElementsAre("finding.json", "program.mpf", "report.md", "reproduce.sh", "target.log", "title",
                                     "trace.txt", "witness-1.json"));

    const auto loaded{Load(saved.directory)};
    ASSERT_TRUE(loaded) << loaded.GetError().message;
    EXPECT_EQ(loaded->record.identity, record.identity);
    EXPECT_EQ(loaded->record.verdict, record.verdict);
    EXPECT_EQ(loaded->record.program, record.program);
    EXPECT_EQ(loaded->record.minimal, std::nullopt);
    EXPECT_EQ(loaded->record.trace, record.trace);
    EXPECT_EQ(loaded->record.target_log, record.target_log);
    EXPECT_EQ(loaded->record.schema_hash, record.schema_hash);
    EXPECT_EQ(loaded->record.seed, record.seed);
    EXPECT_EQ(loaded->record.time, record.time);
    EXPECT_EQ(loaded->record.target_toml, record.target_toml);
    EXPECT_EQ(loaded->record.extra_arguments, record.extra_arguments);
    EXPECT_EQ(loaded->record.command_line, record.command_line);
    EXPECT_EQ(loaded->record.environment.mpfuzz, "0.1.0");
    EXPECT_EQ(loaded->record.environment.target_build_id, "01fe");
    EXPECT_EQ(loaded->occurrences, 1U);
    EXPECT_EQ(loaded->SmallestProgramPath(), saved.directory + "/program.mpf");
}

TEST_F(StoreTest, CountsTheSameFindingAndKeepsItsFiles)
{
    Record record{Example()};
    const Saved first{MustSave(record)};
    record.program = "another\n";
    record.time = "2026-02-01T00:00:00Z";
    EXPECT_FALSE(MustSave(record).is_new);

    const auto loaded{Load(first.directory)};
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->record.program, Example().program);
    EXPECT_EQ(loaded->record.time, "2026-01-31T23:59:59Z");
    EXPECT_EQ(loaded->last_seen, "2026-02-01T00:00:00Z");
    EXPECT_EQ(loaded->occurrences, 2U);
    EXPECT_THAT(List(m_findings), ElementsAre(first.directory));
}

TEST_F(StoreTest, AWitnessPutsAFindingBackIntoTheQueue)
{
    const Saved saved{MustSave(Example())};
    ASSERT_TRUE(Update(saved.directory, [](StoredFinding& finding) { finding.stage = Stage::DONE; }));
    ASSERT_TRUE(AddWitness(saved.directory, {.program = "second\n", .history = {"first\n", "second\n"}}));
    const auto witness{LoadWitness(saved.directory)};
    ASSERT_TRUE(witness && *witness);
    EXPECT_EQ((*witness)->program, "second\n");
    EXPECT_THAT((*witness)->history, ElementsAre("first\n", "second\n"));
    const auto loaded{LoadSummary(saved.directory)};
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->stage, Stage::REPLAY);
    RemoveWitnesses(saved.directory);
    const auto removed{LoadWitness(saved.directory)};
    ASSERT_TRUE(removed);
    EXPECT_FALSE(*removed);
}

TEST_F(StoreTest, KeepsAFewWitnesses)
{
    const Saved saved{MustSave(Example())};
    for (size_t i{0}; i < 2 * MAX_WITNESSES; ++i) ASSERT_TRUE(AddWitness(saved.directory, m_witness));
    const auto files{Files()};
    EXPECT_EQ(std::ranges::count_if(files, [](const std::string& file) { return file.starts_with("witness-"); }),
              static_cast<std::ptrdiff_t>(MAX_WITNESSES));
}

TEST_F(StoreTest, KeepsDifferentTitlesAndKindsApart)
{
    Record record{Example()};
    MustSave(record);
    record.identity.title = "SIGSEGV in node::G (f.cpp)";
    MustSave(record);
    record.identity.kind = observe::FindingKind::NO_REPLY;
    MustSave(record);
    EXPECT_EQ(List(m_findings).size(), 3U);
}

TEST_F(StoreTest, SmallestProgramIsTheMinimalOneIfThereIsOne)
{
    const Saved saved{MustSave(Example())};
    ASSERT_TRUE(SaveMinimal(saved.directory, {"c0 = connect\n", {5, 5}, {}, "new trace\n"}));
    const auto loaded{Load(saved.directory)};
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->record.minimal, "c0 = connect\n");
    EXPECT_EQ(loaded->record.trace, "new trace\n") << "the trace is the minimal program's";
    EXPECT_EQ(loaded->record.target_log, Example().target_log);
    EXPECT_EQ(loaded->record.verdict, (Verdict{5, 5}));
    EXPECT_EQ(loaded->SmallestProgramPath(), saved.directory + "/minimal.mpf");
    const auto report{ReadFile(saved.directory + "/report.md")};
    ASSERT_TRUE(report);
    EXPECT_THAT(*report, HasSubstr("5 of 5 replays"));
    EXPECT_THAT(*report, HasSubstr("new trace"));
    EXPECT_THAT(*report, HasSubstr("mpfuzz replay /x/target.toml minimal.mpf -- --bug 'a b'"));
}

TEST_F(StoreTest, ScriptRunsMpfuzzReplayOnTheSiblingProgram)
{
    Record record{Example()};
    record.target_toml = m_root + "/fake"; // any file that exists
    const Saved saved{MustSave(record)};
    ASSERT_TRUE(
        WriteFile(m_root + "/fake", "#!/bin/sh\nprintf '%s|' \"$@\" >\"$0.out\"\nexit 1\n", /*executable=*/true));
    const auto run{[&](const std::string& arguments) {
        const int status{
            std::system(("MPFUZZ='" + m_root + "/fake' '" + saved.directory + "/reproduce.sh' " + arguments).c_str())};
        EXPECT_EQ(WEXITSTATUS(status), 1);
        const auto out{ReadFile(m_root + "/fake.out")};
        return out ? *out : out.GetError().message;
    }};
    const std::string expect{"--expect|" + Describe(record.identity) + "|"};
    EXPECT_EQ(run(""), "replay|" + m_root + "/fake|" + saved.directory + "/program.mpf|" + expect + "--|--bug|a b|");
    ASSERT_TRUE(SaveMinimal(saved.directory, {"c0 = connect\n", {5, 5}, {}, "new trace\n"}));
    EXPECT_EQ(run("'" + m_root + "' --times 3"),
              "replay|" + m_root + "|" + saved.directory + "/minimal.mpf|" + expect + "--times|3|--|--bug|a b|");
}

TEST_F(StoreTest, MakesTheTargetsPathAbsolute)
{
    Record record{Example()};
    record.target_toml = "targets/../target.toml";
    const auto loaded{Load(MustSave(record).directory)};
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->record.target_toml, (fs::current_path() / "target.toml").string());
}

TEST_F(StoreTest, SaysWhyTheDirectoryCannotBeMade)
{
    std::ofstream{m_root + "/out"} << "a file";
    const auto saved{Save(m_findings, Example(), nullptr)};
    ASSERT_FALSE(saved);
    EXPECT_THAT(saved.GetError().message, HasSubstr(m_findings));
}

//! Simulates a full disk: runs a function in a child process whose file size limit is a few bytes.
template<typename Function>
bool OnAFullDisk(Function function)
{
    const pid_t child{::fork()};
    if (child == 0) {
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{.rlim_cur = 40, .rlim_max = 40};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        ::_exit(function() ? 0 : 1);
    }
    int status{0};
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST_F(StoreTest, AFullDiskIsAnErrorAndLeavesNoIncompleteFinding)
{
    EXPECT_TRUE(OnAFullDisk([&] {
        const auto saved{Save(m_findings, Example(), nullptr)};
        return !saved && saved.GetError().message.find(m_findings) != std::string::npos;
    }));
    EXPECT_THAT(Files(), IsEmpty());
    EXPECT_TRUE(fs::is_empty(m_findings));
}

TEST_F(StoreTest, NothingThatWasStoredIsLostIfTheDiskIsFull)
{
    const Saved saved{MustSave(Example())};
    const auto before{ReadFile(saved.directory + "/finding.json")};
    EXPECT_TRUE(OnAFullDisk([&] { return !Save(m_findings, Example(), nullptr); }));
    EXPECT_TRUE(OnAFullDisk([&] { return !SaveMinimal(saved.directory, {std::string(1'000, '#'), {1, 1}}); }));
    const auto after{ReadFile(saved.directory + "/finding.json")};
    ASSERT_TRUE(before && after);
    EXPECT_EQ(*before, *after);
    EXPECT_TRUE(Load(saved.directory));
    EXPECT_THAT(Files(), ElementsAre("finding.json", "program.mpf", "report.md", "reproduce.sh", "target.log", "title",
                                     "trace.txt", "witness-1.json"));
}

TEST_F(StoreTest, SeveralProcessesCountTogether)
{
    constexpr int PROCESSES{4}, TIMES{5};
    std::vector<pid_t> children;
    for (int i{0}; i < PROCESSES; ++i) {
        const pid_t child{::fork()};
        if (child == 0) {
            bool good{true};
            for (int time{0}; time < TIMES; ++time) good &= static_cast<bool>(Save(m_findings, Example(), nullptr));
            ::_exit(good ? 0 : 1);
        }
        children.push_back(child);
    }
    for (const pid_t child : children) {
        int status{0};
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        EXPECT_EQ(status, 0);
    }
    const auto directories{List(m_findings)};
    ASSERT_EQ(directories.size(), 1U);
    const auto loaded{Load(directories[0])};
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->occurrences, static_cast<uint64_t>(PROCESSES * TIMES));
    EXPECT_EQ(std::distance(fs::directory_iterator{m_findings}, fs::directory_iterator{}), 1)
        << "no unfinished directory is left";
}

TEST_F(StoreTest, SaysWhichFileIsMissingOrWrong)
{
    EXPECT_FALSE(Load(m_findings));
    const Saved saved{MustSave(Example())};
    fs::remove(saved.directory + "/program.mpf");
    const auto without{Load(saved.directory)};
    ASSERT_FALSE(without);
    EXPECT_THAT(without.GetError().message, HasSubstr("program.mpf: No such file"));
    for (const std::string_view json : {"", "{}", "[1]", "{\"kind\": 5}"}) {
        ASSERT_TRUE(WriteFile(saved.directory + "/finding.json", json));
        const auto broken{Load(saved.directory)};
        ASSERT_FALSE(broken);
        EXPECT_THAT(broken.GetError().message, HasSubstr("finding.json: "));
    }
}

TEST(DirectoryName, IsTheSameInEveryVersion)
{
    EXPECT_EQ(DirectoryName({observe::FindingKind::CRASH, "SIGSEGV"}), "crash-7d1f4b16e461591d");
}

} // namespace
} // namespace mpfuzz::triage
