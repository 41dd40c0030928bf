// Tests of the agent in target programs, with every kind of instrumentation, with and without sanitizers.

#include <mpfuzz/agent/probe_fixture.h>

#include <gmock/gmock.h>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <map>

namespace mpfuzz::agent {
namespace {

using testing::HasSubstr;
using testing::Not;

//! Probes with every instrumentation that the agent supports.
class EveryFlavour : public testing::TestWithParam<std::string>
{
protected:
    std::string Path() const { return ProbePath(GetParam(), "probe"); }
    bool TracePc() const { return GetParam().starts_with("gcc"); }
};

//! Probes in which the agent itself counts. Inline counters are different: the compiler's code counts in the target's
//! own memory. They wrap around, and a forked child has its own.
class CallingFlavour : public EveryFlavour
{
};

TEST_P(EveryFlavour, CountsAndReportsThatAtStart)
{
    SKIP_WITHOUT(Path());
    const ProbeRun run{RunProbe(Path(), {"a"})};
    EXPECT_EQ(run.exit_status, 0) << run.errors;
    EXPECT_GT(CountersHit(run), 3U);
    EXPECT_TRUE(run.status.pid);
    EXPECT_EQ(run.problem, "");
    if (TracePc()) {
        EXPECT_EQ(run.status.edges, 0U);
        EXPECT_THAT(run.errors, HasSubstr("mpfuzz agent: no counters yet"));
    } else {
        EXPECT_GT(run.status.edges, 10U);
        EXPECT_THAT(run.errors, HasSubstr("mpfuzz agent: "));
        EXPECT_THAT(run.errors, HasSubstr(" edges, map of 131072 bytes\n"));
    }
    EXPECT_EQ(std::ranges::count(run.errors, '\n'), 1) << run.errors;
}

TEST_P(EveryFlavour, TwoRunsOfOneProgramGiveTheSameCounters)
{
    SKIP_WITHOUT(Path());
    const std::vector<std::string> commands{"a", "loop=3", "library"};
    const ProbeRun first{RunProbe(Path(), commands)};
    const ProbeRun second{RunProbe(Path(), commands)};
    EXPECT_TRUE(first.counters == second.counters);
}

TEST_P(EveryFlavour, TwoBranchesGiveDifferentCounters)
{
    SKIP_WITHOUT(Path());
    EXPECT_FALSE(RunProbe(Path(), {"a"}).counters == RunProbe(Path(), {"b"}).counters);
}

TEST_P(CallingFlavour, CountersSaturate)
{
    SKIP_WITHOUT(Path());
    const ProbeRun thousand{RunProbe(Path(), {"loop=1000"})};
    EXPECT_EQ(*std::ranges::max_element(thousand.counters), 255);
    // If counters wrapped around, one of them would be 0 after 256 more hits.
    EXPECT_EQ(CountersHit(RunProbe(Path(), {"loop=1256"})), CountersHit(thousand));
}

TEST_P(EveryFlavour, CountsInSharedLibraries)
{
    SKIP_WITHOUT(Path());
    EXPECT_GT(CountersHit(RunProbe(Path(), {"library"})), CountersHit(RunProbe(Path(), {"nothing"})));
}

TEST_P(EveryFlavour, CountsInPluginsWithTheirOwnAgentOrWithout)
{
    SKIP_WITHOUT(Path());
    const ProbeRun none{RunProbe(Path(), {"nothing"})};
    for (const char* name : {"plugin.so", "plugin_agent.so"}) {
        const ProbeRun with{RunProbe(Path(), {"plugin=" + ProbePath(GetParam(), name)})};
        EXPECT_EQ(with.exit_status, 0) << with.errors;
        EXPECT_GT(CountersHit(with), CountersHit(none)) << name;
        if (!TracePc()) {
            EXPECT_GT(with.status.edges, none.status.edges) << name;
        }
    }
}

TEST_P(EveryFlavour, CountsHitsOfAllThreads)
{
    SKIP_WITHOUT(Path());
    const ProbeRun run{RunProbe(Path(), {"threads=8"})};
    EXPECT_EQ(run.exit_status, 0) << run.errors;
    EXPECT_GT(CountersHit(run), CountersHit(RunProbe(Path(), {"nothing"})));
    EXPECT_THAT(run.errors, Not(HasSubstr("WARNING"))) << "ThreadSanitizer reports a data race";
}

TEST_P(CallingFlavour, CountsHitsOfAForkedChild)
{
    SKIP_WITHOUT(Path());
    // With `fork`, the parent takes the same branches as with `exec`. Only the child takes an additional branch.
    const ProbeRun run{RunProbe(Path(), {"fork"})};
    const ProbeRun parent_only{RunProbe(Path(), {"exec"})};
    EXPECT_GT(CountersHit(run), CountersHit(parent_only));
}

TEST_P(EveryFlavour, ChildrenOfTheTargetDoNotInheritTheDescriptor)
{
    SKIP_WITHOUT(Path());
    const ProbeRun run{RunProbe(Path(), {"fds", "exec"})};
    EXPECT_EQ(run.output, "clean\nclean\ndone\n");
    // The child has the agent and the variable too, but it must write nothing and must not count.
    EXPECT_EQ(std::ranges::count(run.errors, '\n'), 1) << run.errors;
}

TEST_P(EveryFlavour, CountingKeepsErrno)
{
    SKIP_WITHOUT(Path());
    EXPECT_EQ(RunProbe(Path(), {"errno"}).output, "errno kept\ndone\n");
}

TEST_P(EveryFlavour, RunsSilentlyWithoutAMap)
{
    SKIP_WITHOUT(Path());
    const std::vector<std::map<std::string, std::string>> environments{
        {},
        {{COVERAGE_FD_VARIABLE, ""}},
        {{COVERAGE_FD_VARIABLE, "words"}},
        {{COVERAGE_FD_VARIABLE, "-1"}},
        {{COVERAGE_FD_VARIABLE, "0"}},
        {{COVERAGE_FD_VARIABLE, "987"}},
        {{COVERAGE_FD_VARIABLE, "99999999999999999999"}},
    };
    for (const auto& environment : environments) {
        Probe probe{Path(), {"a", "loop=10", "threads=2", "library"}, environment, -1};
        EXPECT_EQ(probe.Output(), "done\n");
        EXPECT_EQ(probe.Finish(), 0);
        EXPECT_EQ(probe.Errors(), "");
    }
}

INSTANTIATE_TEST_SUITE_P(Agent, EveryFlavour,
                         testing::Values("guard", "guard_asan", "guard_tsan", "inline", "inline_asan", "libfuzzer",
                                         "gcc", "gcc_asan"),
                         [](const auto& flavour) { return flavour.param; });
INSTANTIATE_TEST_SUITE_P(Agent, CallingFlavour, testing::Values("guard", "guard_asan", "guard_tsan", "gcc", "gcc_asan"),
                         [](const auto& flavour) { return flavour.param; });

TEST(Agent, ReportsThatThereAreNoCounters)
{
    const std::string path{ProbePath("bare", "probe")};
    SKIP_WITHOUT(path);
    const ProbeRun run{RunProbe(path, {"a"})};
    EXPECT_EQ(CountersHit(run), 0U);
    EXPECT_THAT(run.errors, HasSubstr("no counters yet: was the target compiled with -fsanitize-coverage="));
    EXPECT_THAT(run.problem, HasSubstr("the mpfuzz agent but no counters"));
}

//! Probes that are also compiled with trace-cmp.
class ComparingFlavour : public EveryFlavour
{
};

TEST_P(ComparingFlavour, StoresComparisonsUntilTheyAreForgotten)
{
    SKIP_WITHOUT(Path());
    std::error_code error;
    std::optional<SharedMap> map{SharedMap::Create(error)};
    ASSERT_TRUE(map) << error.message();
    EXPECT_TRUE(map->Comparisons().empty());
    const Probe probe{Path(), {"compare=1234567"}, map->Environment(), map->Fd()};
    const std::vector<Operands> seen{map->Comparisons()};
    const auto has{[&](uint64_t a, uint64_t b) {
        return std::ranges::any_of(seen, [&](const Operands& pair) {
            return pair == Operands{a, b} || pair == Operands{b, a};
        });
    }};
    EXPECT_TRUE(has(1234567, 7654321)) << "a comparison with a constant";
    EXPECT_TRUE(has(1234567, 42)) << "a case of a switch";
    map->ForgetComparisons();
    EXPECT_TRUE(map->Comparisons().empty());
}

INSTANTIATE_TEST_SUITE_P(Agent, ComparingFlavour, testing::Values("compare", "gcc_asan", "libfuzzer"),
                         [](const auto& flavour) { return flavour.param; });

class ExplicitHookCalls : public testing::TestWithParam<std::string>
{
};

TEST_P(ExplicitHookCalls, WorkBeforeConstructorsAndWithMoreEdgesThanCounters)
{
    const std::string path{ProbePath(GetParam(), "hooks")};
    SKIP_WITHOUT(path);
    const ProbeRun run{RunProbe(path, {})};
    ASSERT_EQ(run.exit_status, 0);
    constexpr uint32_t GUARDS{300'000};
    constexpr uint32_t INLINE{24};
    EXPECT_EQ(run.status.edges, GUARDS + INLINE + 4) << "registering twice must not count twice";
    EXPECT_EQ(run.counters[5], 2);
    EXPECT_EQ(run.counters[6], 1);
    EXPECT_EQ(run.counters[(GUARDS + 23) % MAP_SIZE], 7);
    EXPECT_EQ(run.counters[(GUARDS + INLINE) % MAP_SIZE], 255);
    EXPECT_EQ(CountersHit(run), 4U);
}

INSTANTIATE_TEST_SUITE_P(Agent, ExplicitHookCalls, testing::Values("bare", "static"),
                         [](const auto& flavour) { return flavour.param; });

TEST(Agent, APluginsOwnCopySharesTheMapOfAnExecutableThatExportsNothing)
{
    const std::string path{ProbePath("gcc", "probe_closed")};
    SKIP_WITHOUT(path);
    // The executable does the same in both runs. Only in the first run does the plug-in count.
    const ProbeRun with{RunProbe(path, {"plugin=" + ProbePath("gcc", "plugin_agent.so")})};
    const ProbeRun without{RunProbe(path, {"plugin=" + ProbePath("bare", "plugin.so")})};
    EXPECT_EQ(with.exit_status, 0) << with.errors;
    EXPECT_EQ(without.exit_status, 0) << without.errors;
    EXPECT_GT(CountersHit(with), CountersHit(without));
}

TEST(Agent, AStaleDescriptorNumberChangesNoOtherFile)
{
    const std::string path{ProbePath("guard", "probe")};
    SKIP_WITHOUT(path);
    // A file of the same size as a map.
    std::FILE* file{std::tmpfile()};
    ASSERT_EQ(ftruncate(fileno(file), LAYOUT_SIZE), 0);
    Probe probe{path, {"a"}, {{COVERAGE_FD_VARIABLE, std::to_string(fileno(file))}}, fileno(file)};
    EXPECT_EQ(probe.Finish(), 0);
    EXPECT_EQ(probe.Errors(), "");
    std::vector<char> content(LAYOUT_SIZE);
    ASSERT_EQ(pread(fileno(file), content.data(), content.size(), 0), static_cast<ssize_t>(content.size()));
    EXPECT_TRUE(std::ranges::all_of(content, [](char byte) { return byte == 0; }));
    std::fclose(file);
}

//! The lines that nm prints for the agent's object file.
std::vector<std::string> Symbols(const std::string& options)
{
    std::FILE* nm{popen(("nm " + options + " " MPFUZZ_AGENT_OBJECT).c_str(), "r")};
    EXPECT_NE(nm, nullptr);
    std::vector<std::string> symbols;
    char line[256];
    while (std::fgets(line, sizeof(line), nm)) symbols.emplace_back(line, std::string_view{line}.find('\n'));
    EXPECT_EQ(pclose(nm), 0);
    return symbols;
}

TEST(AgentObject, NeedsNothingButLibc)
{
    auto symbols{Symbols("--undefined-only --format=just-symbols")};
    std::erase(symbols, "_GLOBAL_OFFSET_TABLE_");
    EXPECT_THAT(symbols, testing::UnorderedElementsAre("__errno_location", "dl_iterate_phdr", "environ", "fcntl",
                                                       "fstat", "getenv", "getpid", "mmap", "munmap", "write"));
}

// If an inline function is not inlined, the linker may use the target's copy of it. That copy is instrumented, so it
// would call the agent again.
TEST(AgentObject, HasItsCopiesOfTheStandardLibraryInlined)
{
    EXPECT_THAT(Symbols("--defined-only --demangle --format=just-symbols"), testing::Each(Not(HasSubstr("std::"))));
}

} // namespace
} // namespace mpfuzz::agent
