#pragma once

#include <mpfuzz/program/program.h>

#include <compare>
#include <cstdint>

namespace mpfuzz::triage {

//! How large a program is, by what a reader minds most. Compared member by member, the first that differs decides.
//!
//! The order is well-founded: every member is a natural number, so that no program can be made smaller for ever. It
//! is why minimising ends.
struct Size {
    uint64_t steps{0};
    //! Values, one each, and one more for a field, an element or a reaction that holds them; a null or void value
    //! is none; one more for data from an answer, for each edit of it, for a repeated list, and for a reaction other
    //! than `return`.
    uint64_t parts{0};
    uint64_t bytes{0}; //!< of texts, data, edits and messages
    //! Of numbers (their distance from zero), enums, repeats, and delays; 1 for `true`; a rank for floats; 1 for
    //! each byte that is not the simplest, `a` in text and 0 in data. A sum of 128 bits.
    uint64_t magnitude_high{0};
    uint64_t magnitude_low{0};
    uint64_t references{0}; //!< indices of the steps that are named, added up: earlier is simpler

    friend auto operator<=>(const Size&, const Size&) = default;
};

//! The simplest byte in a Text; in everything else it is 0.
inline constexpr char SIMPLEST_LETTER{'a'};

//! Cost: a pass over all values.
Size Measure(const schema::Schema& schema, const program::Program& program);

} // namespace mpfuzz::triage
