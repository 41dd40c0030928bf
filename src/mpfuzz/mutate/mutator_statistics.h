#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace mpfuzz::mutate {

//! What became of one mutator's uses.
struct Count {
    uint64_t tried{0};
    uint64_t applied{0};    //!< it found a place, and the program changed
    uint64_t productive{0}; //!< applied in mutations whose programs brought something new
    //! The same, but halved for all mutators together now and then: what the weights go by.
    uint64_t recent_applied{0}, recent_productive{0};
    friend bool operator==(const Count&, const Count&) = default;
};

//! How every mutator has done so far, by mutator id. A plain value.
//!
//! A mutator's weight is its base weight times how often it paid, against how often it would have if it
//! were like the average of all:
//!
//!     factor = (paid + 10) / (applied × average + 10), within [1/4, 4]
//!     average = Σ paid / Σ applied
//!
//! so that the factor is 1 until there is evidence, no mutator is ever given up, and no single one takes
//! over. Where several mutators made one program, each gets the credit. Counts are halved when they
//! have added up to RECENT uses: what paid early in a campaign need not pay later.
struct MutatorStatistics {
    //! Guesses, unmeasured: the 10 above, and some ten minutes of fuzzing.
    static constexpr uint64_t PRIOR_PRODUCTIVE{10};
    static constexpr uint64_t RECENT{1 << 20};

    std::vector<Count> counts;

    void Tried(size_t mutator, bool applied);
    //! The program that these mutators made brought something new. Ids may repeat.
    void BroughtFeatures(std::span<const size_t> mutators);

    //! Weights to pick by, each at least 1 where its base is. Exact integers: the same on every machine.
    std::vector<uint32_t> Weights() const;

    friend bool operator==(const MutatorStatistics&, const MutatorStatistics&) = default;
};

//! MutatorStatistics of a fresh campaign: a zero for each of Mutators().
MutatorStatistics NoMutatorStatistics();

//! A table for people, one line a mutator, those that paid most first: name, weight, tried, applied, paid.
std::string MutatorTable(const MutatorStatistics& statistics);

} // namespace mpfuzz::mutate
