#pragma once

#include <mpfuzz/program/program.h>

#include <compare>
#include <cstdint>

namespace mpfuzz::triage {

//! The size of a program. Compared member by member: the first that differs decides.
//!
//! The order is well-founded (every member is a natural number): no program can be made smaller for ever, so minimising
//! ends.
struct Size {
    uint64_t steps{0};
    //! One for each value that is not null or void; one for each field, list element and reaction; one more for data
    //! from an answer, for each of its edits, for a repeated list, and for a reaction other than `return`.
    uint64_t parts{0};
    uint64_t bytes{0}; //!< of texts, data, edits and messages
    //! Sum of the distances of numbers from zero, of enums, repeat counts and delays; 1 for `true`; a rank for floats;
    //! 1 for each byte that is not the simplest (`a` in text, 0 in data). 128 bits.
    uint64_t magnitude_high{0};
    uint64_t magnitude_low{0};
    uint64_t references{0}; //!< sum of the indices of the steps that references name: an earlier step is simpler

    friend auto operator<=>(const Size&, const Size&) = default;
};

//! The simplest byte in a Text. In everything else it is 0.
inline constexpr char SIMPLEST_LETTER{'a'};

//! Cost: a pass over all values.
Size Measure(const schema::Schema& schema, const program::Program& program);

} // namespace mpfuzz::triage
