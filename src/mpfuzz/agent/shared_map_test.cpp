#include <mpfuzz/agent/probe_fixture.h>

#include <gmock/gmock.h>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>

namespace mpfuzz::agent {
namespace {

SharedMap MustCreate()
{
    std::error_code error;
    std::optional<SharedMap> map{SharedMap::Create(error)};
    EXPECT_TRUE(map) << error.message();
    return std::move(*map);
}

bool AnyHit(std::span<const uint8_t> counters)
{
    return std::ranges::any_of(counters, [](uint8_t counter) { return counter != 0; });
}

TEST(SharedMap, StartsEmptyAndUnowned)
{
    SharedMap map{MustCreate()};
    EXPECT_FALSE(AnyHit(map.Counters()));
    EXPECT_FALSE(map.Status().pid);
    EXPECT_THAT(map.Problem(), testing::HasSubstr("link mpfuzz_agent.o"));
    EXPECT_EQ(map.Environment().at("MPFUZZ_COVERAGE_FD"), std::to_string(map.Fd()));
    EXPECT_TRUE(fcntl(map.Fd(), F_GETFD) & FD_CLOEXEC);
    EXPECT_GE(map.Fd(), 200);
}

TEST(SharedMap, ATargetCannotShrinkIt)
{
    SharedMap map{MustCreate()};
    EXPECT_NE(ftruncate(map.Fd(), 0), 0);
    EXPECT_EQ(map.Counters()[MAP_SIZE - 1], 0);
}

TEST(SharedMap, LaidOverMemoryShowsTheTargetsCounts)
{
    alignas(65536) static uint8_t extra_counters[MAP_SIZE];
    const std::string path{ProbePath("guard", "probe")};
    SKIP_WITHOUT(path);
    SharedMap map{MustCreate()};
    ASSERT_EQ(map.LayOver(extra_counters), std::error_code{});
    Probe probe{path, {"a"}, map.Environment(), map.Fd()};
    EXPECT_TRUE(AnyHit(extra_counters));
    // As libFuzzer does before a run.
    std::ranges::fill(extra_counters, uint8_t{0});
    EXPECT_FALSE(AnyHit(map.Counters()));

    SharedMap next{MustCreate()};
    next.Counters()[8] = 1;
    ASSERT_EQ(next.LayOver(extra_counters), std::error_code{});
    EXPECT_EQ(extra_counters[8], 1) << "each process has its own map";
}

TEST(SharedMap, RefusesToLayOverMemoryThatDoesNotFit)
{
    alignas(65536) static uint8_t memory[2 * MAP_SIZE];
    const SharedMap map{MustCreate()};
    EXPECT_EQ(map.LayOver(std::span{memory}.first(MAP_SIZE / 2)), std::errc::invalid_argument);
    EXPECT_EQ(map.LayOver(std::span{memory}.subspan(8, MAP_SIZE)), std::errc::invalid_argument);
}

TEST(SharedMap, CountsOnlyTheFirstProcess)
{
    const std::string path{ProbePath("guard", "probe")};
    SKIP_WITHOUT(path);
    SharedMap map{MustCreate()};
    Probe first{path, {"a"}, map.Environment(), map.Fd()};
    EXPECT_EQ(map.Status().pid, static_cast<uint32_t>(first.Pid()));
    ASSERT_EQ(map.Clear(), std::error_code{});
    Probe second{path, {"a"}, map.Environment(), map.Fd()};
    EXPECT_FALSE(AnyHit(map.Counters()));
    EXPECT_EQ(map.Status().pid, static_cast<uint32_t>(first.Pid()));
}

TEST(SharedMap, CollectsEachInlineHitOnce)
{
    const std::string path{ProbePath("inline", "probe")};
    SKIP_WITHOUT(path);
    SharedMap map{MustCreate()};
    Probe probe{path, {"loop=9"}, map.Environment(), map.Fd()};
    EXPECT_FALSE(AnyHit(map.Counters())) << "the counts are still in the target's memory";
    ASSERT_EQ(map.Collect(), std::error_code{});
    EXPECT_TRUE(AnyHit(map.Counters()));
    // As libFuzzer does before a run.
    std::ranges::fill(map.Counters(), uint8_t{0});
    ASSERT_EQ(map.Collect(), std::error_code{});
    EXPECT_FALSE(AnyHit(map.Counters())) << "the target has not run since the last Collect()";
}

TEST(SharedMap, ClearIgnoresTheHitsSoFar)
{
    const std::string path{ProbePath("inline", "probe")};
    SKIP_WITHOUT(path);
    SharedMap map{MustCreate()};
    Probe probe{path, {"loop=9"}, map.Environment(), map.Fd()};
    ASSERT_EQ(map.Clear(), std::error_code{});
    ASSERT_EQ(map.Collect(), std::error_code{});
    EXPECT_FALSE(AnyHit(map.Counters()));
}

TEST(SharedMap, CollectingFromADeadTargetIsNoError)
{
    const std::string path{ProbePath("inline", "probe")};
    SKIP_WITHOUT(path);
    SharedMap map{MustCreate()};
    Probe probe{path, {"a"}, map.Environment(), map.Fd()};
    kill(probe.Pid(), SIGKILL);
    EXPECT_EQ(probe.Finish(), -1);
    EXPECT_EQ(map.Collect(), std::error_code{});
}

TEST(InlineCounters, DoesNotTrustTheTargetsNumbers)
{
    ControlPage control{};
    control.pid = static_cast<uint32_t>(getpid());
    control.region_count = 0xffffffff;
    for (CounterRegion& region : control.regions) {
        region.address = 8; // No memory is mapped there.
        region.first_index = 0xffffffff;
        region.size = 0xffffffff;
    }
    control.regions[0].size = 4096;
    const uint8_t mine[3]{1, 0, 200};
    control.regions[1].address = reinterpret_cast<uintptr_t>(mine);
    control.regions[1].size = sizeof(mine);
    std::vector<uint8_t> counters(MAP_SIZE);
    InlineCounters inline_counters;
    EXPECT_EQ(inline_counters.Fold(control, counters), std::error_code{});
    EXPECT_EQ(counters[MAP_SIZE - 1], 1);
    EXPECT_EQ(counters[1], 200);
}

TEST(AddSaturating, StopsAt255)
{
    uint8_t counter{250};
    AddSaturating(counter, 4);
    EXPECT_EQ(counter, 254);
    AddSaturating(counter, 255);
    EXPECT_EQ(counter, 255);
}

} // namespace
} // namespace mpfuzz::agent
