#include <mpfuzz/agent/afl_shared_memory.h>

#include <mpfuzz/agent/probe_fixture.h>

#include <sys/shm.h>
#include <unistd.h>

#include <algorithm>

namespace mpfuzz::agent {
namespace {

AflSharedMemory MustCreate()
{
    std::error_code error;
    std::optional<AflSharedMemory> segment{AflSharedMemory::Create(AflSharedMemory::DEFAULT_SIZE, error)};
    EXPECT_TRUE(segment) << error.message();
    return std::move(*segment);
}

std::vector<uint8_t> Counters(const std::string& path, std::vector<std::string> commands)
{
    AflSharedMemory segment{MustCreate()};
    Probe probe{path, std::move(commands), segment.Environment(), -1};
    std::vector<uint8_t> counters(MAP_SIZE);
    segment.Collect(counters);
    EXPECT_EQ(probe.Finish(), 0) << probe.Errors();
    return counters;
}

class AflFlavour : public testing::TestWithParam<std::string>
{
};

TEST_P(AflFlavour, CountsEdgesWithoutAnAgent)
{
    const std::string path{ProbePath(GetParam(), "probe")};
    SKIP_WITHOUT(path);
    const std::vector<uint8_t> first{Counters(path, {"a", "loop=5"})};
    EXPECT_GT(std::ranges::count_if(first, [](uint8_t counter) { return counter != 0; }), 5);
    EXPECT_TRUE(first == Counters(path, {"a", "loop=5"}));
    EXPECT_FALSE(first == Counters(path, {"b", "loop=5"}));
    EXPECT_FALSE(first == Counters(path, {"a", "loop=5", "library"}));
}

TEST_P(AflFlavour, CollectsEachHitOnce)
{
    const std::string path{ProbePath(GetParam(), "probe")};
    SKIP_WITHOUT(path);
    AflSharedMemory segment{MustCreate()};
    Probe probe{path, {"a"}, segment.Environment(), -1};
    segment.Clear();
    std::vector<uint8_t> counters(MAP_SIZE);
    segment.Collect(counters);
    EXPECT_TRUE(std::ranges::all_of(counters, [](uint8_t counter) { return counter == 0; }));
}

INSTANTIATE_TEST_SUITE_P(Agent, AflFlavour, testing::Values("afl_clang", "afl_gcc"),
                         [](const auto& flavour) { return flavour.param; });

TEST(AflSharedMemory, CountsModuloTheMapSizeAndStopsAt255)
{
    AflSharedMemory segment{MustCreate()};
    const int id{std::stoi(segment.Environment().at("__AFL_SHM_ID"))};
    auto* const target{static_cast<uint8_t*>(shmat(id, nullptr, 0))};
    ASSERT_NE(target, reinterpret_cast<uint8_t*>(-1)) << "a target must be able to attach after IPC_RMID";
    target[3] = 200;
    target[3 + MAP_SIZE] = 200;
    target[AflSharedMemory::DEFAULT_SIZE - 1] = 1;
    std::vector<uint8_t> counters(MAP_SIZE);
    segment.Collect(counters);
    EXPECT_EQ(counters[3], 255);
    EXPECT_EQ(counters[MAP_SIZE - 1], 1);
    EXPECT_EQ(target[3], 0);
    shmdt(target);
}

TEST(AflSharedMemory, RemovesTheSegment)
{
    int id{-1};
    {
        const AflSharedMemory segment{MustCreate()};
        id = std::stoi(segment.Environment().at("__AFL_SHM_ID"));
        shmid_ds status{};
        ASSERT_EQ(shmctl(id, IPC_STAT, &status), 0);
        EXPECT_TRUE(status.shm_perm.mode & SHM_DEST)
            << "it must be marked from the start, so that nothing is left after SIGKILL";
    }
    EXPECT_EQ(shmat(id, nullptr, 0), reinterpret_cast<void*>(-1));
}

TEST(AflSharedMemory, RefusesASizeThatIsNotAMultipleOfEight)
{
    std::error_code error;
    EXPECT_FALSE(AflSharedMemory::Create(1001, error));
    EXPECT_EQ(error, std::errc::invalid_argument);
}

} // namespace
} // namespace mpfuzz::agent
