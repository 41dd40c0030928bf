#pragma once

#include <mpfuzz/agent/layout.h>
#include <mpfuzz/observe/outcome_features.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mpfuzz::engine {

//! Number of counters: edges of the target first, then outcomes of calls.
inline constexpr size_t COUNTERS = agent::MAP_SIZE + observe::OUTCOME_COUNTERS;

//! What one run reached: one saturating counter for each edge or outcome. libFuzzer reads this memory, and clears it
//! before each run.
struct Counters {
    std::span<uint8_t> all;      //!< COUNTERS bytes, page-aligned
    std::span<uint8_t> edges;    //!< the first agent::MAP_SIZE
    std::span<uint8_t> outcomes; //!< the rest
};

//! The only set of counters in the process.
Counters TheCounters();

//! A counter together with a range of its counts. The ranges begin at 1, 2, 3, 4, 8, 16, 32 and 128, as in libFuzzer
//! and AFL.
struct Feature {
    uint32_t counter{0};
    uint8_t class_bit{0}; //!< the range: one bit is set
    friend bool operator==(const Feature&, const Feature&) = default;
};

//! True if a run with these counters reached the feature.
bool Reaches(std::span<const uint8_t> counters, const Feature& feature);

//! Replace each count by the smallest count of its range: 1, 2 to 15, 16 to 127, 128 and more.
//!
//! How often a piece of a server's code runs depends on the scheduling of its threads and event loop. With finer
//! ranges, such as libFuzzer's, the same behaviour would look new again and again.
void CoarsenCounts(std::span<uint8_t> counters);

//! The features that any run has reached, in this process or in a process that it forks later. They share the memory.
class FeatureSet
{
public:
    //! An empty set. CHECK fails if there is no memory.
    FeatureSet();
    ~FeatureSet();
    FeatureSet(const FeatureSet&) = delete;
    FeatureSet& operator=(const FeatureSet&) = delete;

    //! Add the features of one run.
    //!
    //! @param counters  COUNTERS bytes.
    //! @return Features that no earlier run had reached. Cost: a pass over the counters, most of which are 0.
    std::vector<Feature> Take(std::span<const uint8_t> counters);

    //! Number of different edges in the set. Cost: a pass.
    size_t Edges() const;
    //! Number of different features in the set, including those of edges. Cost: a pass.
    size_t Features() const;

private:
    std::span<uint8_t> m_seen; //!< for each counter, a bit for each range
};

} // namespace mpfuzz::engine
