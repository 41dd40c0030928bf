#include <mpfuzz/engine/counters.h>

#include <mpfuzz/base/check.h>

#include <sys/mman.h>

#include <array>
#include <bit>
#include <cstring>

namespace mpfuzz::engine {
namespace {

constexpr size_t PAGE{4096};
static_assert(COUNTERS % PAGE == 0 && COUNTERS * 8 <= (size_t{1} << 21));

// A global variable, because libFuzzer finds its extra counters by the name of the section. The memory that the target
// shares is mapped over it.
[[gnu::section("__libfuzzer_extra_counters"), gnu::used]] alignas(PAGE) uint8_t g_counters[COUNTERS];

constexpr std::array<uint8_t, 256> CLASSES{[] {
    std::array<uint8_t, 256> classes{};
    for (unsigned count{1}; count < 256; ++count) {
        const unsigned index{count <= 3     ? count - 1
                             : count >= 128 ? 7U
                             : count >= 32  ? 6U
                             : count >= 16  ? 5U
                             : count >= 8   ? 4U
                                            : 3U};
        classes[count] = static_cast<uint8_t>(1U << index);
    }
    return classes;
}()};

} // namespace

Counters TheCounters()
{
    const std::span<uint8_t> all{g_counters};
    return {all, all.first(agent::MAP_SIZE), all.subspan(agent::MAP_SIZE)};
}

void CoarsenCounts(std::span<uint8_t> counters)
{
    for (size_t at{0}; at < counters.size(); at += sizeof(uint64_t)) {
        uint64_t word;
        std::memcpy(&word, &counters[at], sizeof(word));
        if (word == 0) continue;
        for (uint8_t& count : counters.subspan(at, sizeof(word)))
            count = count >= 128 ? 128 : count >= 16 ? 16 : count >= 2 ? 2 : count;
    }
}

FeatureSet::FeatureSet()
{
    void* const memory{mmap(nullptr, COUNTERS, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)};
    CHECK(memory != MAP_FAILED, std::strerror(errno));
    m_seen = {static_cast<uint8_t*>(memory), COUNTERS};
}

FeatureSet::~FeatureSet() { munmap(m_seen.data(), m_seen.size()); }

bool Reaches(std::span<const uint8_t> counters, const Feature& feature)
{
    return (CLASSES[counters[feature.counter]] & feature.class_bit) != 0;
}

std::vector<Feature> FeatureSet::Take(std::span<const uint8_t> counters)
{
    CHECK(counters.size() == COUNTERS, counters.size());
    std::vector<Feature> new_features;
    for (size_t at{0}; at < COUNTERS; at += sizeof(uint64_t)) {
        uint64_t word;
        std::memcpy(&word, &counters[at], sizeof(word));
        if (word == 0) continue;
        for (size_t i{at}; i < at + sizeof(word); ++i) {
            const uint8_t bit{CLASSES[counters[i]]};
            // Other workers write here at the same time. Only one of them reports the feature as new.
            if ((__atomic_load_n(&m_seen[i], __ATOMIC_RELAXED) & bit) == bit) continue;
            if ((__atomic_fetch_or(&m_seen[i], bit, __ATOMIC_RELAXED) & bit) == 0)
                new_features.push_back({static_cast<uint32_t>(i), bit});
        }
    }
    return new_features;
}

size_t FeatureSet::Edges() const
{
    size_t edges{0};
    for (const uint8_t& classes : m_seen.first(agent::MAP_SIZE))
        edges += __atomic_load_n(&classes, __ATOMIC_RELAXED) != 0;
    return edges;
}

size_t FeatureSet::Features() const
{
    size_t features{0};
    for (const uint8_t& classes : m_seen)
        features += static_cast<size_t>(std::popcount(__atomic_load_n(&classes, __ATOMIC_RELAXED)));
    return features;
}

} // namespace mpfuzz::engine
