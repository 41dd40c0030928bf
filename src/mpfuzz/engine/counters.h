#pragma once

#include <mpfuzz/agent/layout.h>
#include <mpfuzz/observe/outcome_features.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mpfuzz::engine {

//! Edges of the target, then features of our own.
inline constexpr size_t COUNTERS = agent::MAP_SIZE + observe::OUTCOME_COUNTERS;

//! What one run reached, one saturating counter a feature. libFuzzer reads this memory by itself, and clears it
//! before each run.
struct Counters {
    std::span<uint8_t> all;      //!< COUNTERS bytes, page-aligned
    std::span<uint8_t> edges;    //!< the first agent::MAP_SIZE
    std::span<uint8_t> outcomes; //!< the rest
};

//! The process's one set.
Counters TheCounters();

//! One counter and a class of its counts: 1, 2, 3, 4, 8, 16, 32, 128 and more, as with libFuzzer and AFL.
struct Feature {
    uint32_t counter{0};
    uint8_t class_bit{0}; //!< one bit
    friend bool operator==(const Feature&, const Feature&) = default;
};

//! True where one run's counters have it.
bool Reaches(std::span<const uint8_t> counters, const Feature& feature);

//! Replace counts by the least of their class: 1, 2 to 15, 16 to 127, more. How often a server's code runs depends on
//! how its threads and event loop happen to take turns; finer classes, such as libFuzzer's own, find that new again
//! and again.
void CoarsenCounts(std::span<uint8_t> counters);

//! Which features have been reached by any run, in this process and in those that it forks later: all write to the
//! same memory.
class FeatureSet
{
public:
    //! Nothing reached yet. CHECK fails where there is no memory.
    FeatureSet();
    ~FeatureSet();
    FeatureSet(const FeatureSet&) = delete;
    FeatureSet& operator=(const FeatureSet&) = delete;

    //! Take in one run's counters.
    //!
    //! @param counters  COUNTERS bytes.
    //! @return Features that no run had reached. Cost: a pass over the counters, most words of which are 0.
    std::vector<Feature> Take(std::span<const uint8_t> counters);

    //! Distinct edges reached, and distinct features in all. Cost: a pass.
    size_t Edges() const;
    size_t Features() const;

private:
    std::span<uint8_t> m_seen; //!< a bit for each class
};

} // namespace mpfuzz::engine
