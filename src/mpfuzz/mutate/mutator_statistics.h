#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace mpfuzz::mutate {

//! How often one mutator was used, and how often it was productive.
struct Count {
    uint64_t tried{0};
    uint64_t applied{0};    //!< the program changed
    uint64_t productive{0}; //!< the changed program reached new features
    //! Like the two above, but only for recent uses: these counts of all mutators are halved from time to time. The
    //! weights depend on these.
    uint64_t recent_applied{0}, recent_productive{0};
    friend bool operator==(const Count&, const Count&) = default;
};

//! How productive each mutator has been so far, by mutator id. A plain value.
//!
//! A mutator's weight is its base weight times this factor. The factor compares how often the mutator was productive
//! with how often an average mutator would have been productive after the same number of uses:
//!
//!     factor = (productive + 10) / (applied × average + 10), within [1/4, 4]
//!     average = Σ productive / Σ applied
//!
//! So the factor starts at 1, every mutator stays in use, and no mutator is used all the time. If several mutators made
//! one program, each is counted as productive. The recent counts are halved after RECENT uses, because a mutator that
//! was productive early in a campaign may not be productive later.
struct MutatorStatistics {
    //! The 10 in the formula, and the number of uses in about ten minutes of fuzzing. Guesses, unmeasured.
    static constexpr uint64_t PRIOR_PRODUCTIVE{10};
    static constexpr uint64_t RECENT{1 << 20};

    std::vector<Count> counts;

    //! Counts one use of a mutator.
    void Tried(size_t mutator, bool applied);
    //! Counts the mutators of a program that reached new features. An id may occur several times.
    void BroughtFeatures(std::span<const size_t> mutators);

    //! Weights for picking a mutator, each at least 1. They are integers, so that they are equal on every machine.
    std::vector<uint32_t> Weights() const;

    friend bool operator==(const MutatorStatistics&, const MutatorStatistics&) = default;
};

//! The statistics of a new campaign: zero for each mutator in Mutators().
MutatorStatistics NewMutatorStatistics();

//! A table for users with one line for each mutator, the most productive first: name, weight, tried, applied,
//! productive.
std::string MutatorTable(const MutatorStatistics& statistics);

} // namespace mpfuzz::mutate
