#pragma once

#include <mpfuzz/program/program.h>

#include <compare>
#include <cstdint>

namespace mpfuzz::triage {

//! The size of a program. Sizes are compared member by member, in the order of declaration.
//!
//! Every member is a natural number, so a program cannot become smaller again and again without end: each minimisation
//! ends.
struct Size {
    uint64_t steps{0};
    //! Counts one for each value that is not null or void, and one for each field, list element and reaction. Counts
    //! one more for data from an answer, for each of its edits, for a repeated list, and for a reaction other than
    //! `return`.
    uint64_t parts{0};
    uint64_t bytes{0}; //!< number of bytes in texts, data, edits and messages
    //! A 128-bit sum: the absolute values of integers; enums, repeat counts and delays; 1 for `true`; a rank from 0 to
    //! 3 for floats; 1 for each byte that is not the simplest one (`a` in text, 0 in data).
    uint64_t magnitude_high{0};
    uint64_t magnitude_low{0};
    uint64_t references{0}; //!< sum of the step indices in references: a reference to an earlier step is simpler

    friend auto operator<=>(const Size&, const Size&) = default;
};

//! The simplest byte in a Text. In Data and raw bytes, 0 is the simplest.
inline constexpr char SIMPLEST_LETTER{'a'};

//! The size of a program. Cost: a pass over all values.
Size Measure(const schema::Schema& schema, const program::Program& program);

} // namespace mpfuzz::triage
