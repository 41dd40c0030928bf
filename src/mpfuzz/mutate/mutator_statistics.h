#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace mpfuzz::mutate {

//! How often one mutator was used, and with what success.
struct Count {
    uint64_t tried{0};
    uint64_t applied{0};    //!< the program changed
    uint64_t productive{0}; //!< the changed program brought new features
    //! The same of recent uses: halved from time to time, for all mutators together. The weights depend on these.
    uint64_t recent_applied{0}, recent_productive{0};
    friend bool operator==(const Count&, const Count&) = default;
};

//! How productive every mutator has been so far, by mutator id. A plain value.
//!
//! A mutator's weight is its base weight times this factor, which compares how often it was productive with how often
//! it would have been if it were like the average of all:
//!
//!     factor = (productive + 10) / (applied × average + 10), within [1/4, 4]
//!     average = Σ productive / Σ applied
//!
//! So the factor is 1 until there is evidence; every mutator stays in use; and no mutator is used all the time. If
//! several mutators made one program, each is counted as productive. The counts are halved when RECENT uses have been
//! counted: a mutator that was productive early in a campaign is not always productive later.
struct MutatorStatistics {
    //! The 10 in the formula, and the uses of about ten minutes of fuzzing. Guesses, unmeasured.
    static constexpr uint64_t PRIOR_PRODUCTIVE{10};
    static constexpr uint64_t RECENT{1 << 20};

    std::vector<Count> counts;

    //! Counts one use of a mutator.
    void Tried(size_t mutator, bool applied);
    //! Counts the mutators of a program that brought new features. Ids may repeat.
    void BroughtFeatures(std::span<const size_t> mutators);

    //! Weights for picking a mutator, each at least 1. Integers: the same on every machine.
    std::vector<uint32_t> Weights() const;

    friend bool operator==(const MutatorStatistics&, const MutatorStatistics&) = default;
};

//! The statistics of a new campaign: zero for each of Mutators().
MutatorStatistics NoMutatorStatistics();

//! A table for users with one line for each mutator, the most productive first: name, weight, tried, applied,
//! productive.
std::string MutatorTable(const MutatorStatistics& statistics);

} // namespace mpfuzz::mutate
