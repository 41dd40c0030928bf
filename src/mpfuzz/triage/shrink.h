#pragma once

#include <mpfuzz/program/edit.h>
#include <mpfuzz/triage/search.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>

//! How passes look for the smallest number and the shortest list with few reruns.
namespace mpfuzz::triage {

//! Bytes and lists are cut into at most so many pieces at a time (a guess), so that one long list of which every
//! element is needed does not use up all reruns.
inline constexpr size_t MAX_PIECES{32};

//! True for what is inside a late element of a long list. Passes skip those: one rerun for each of a thousand
//! elements would be too many.
inline bool IsFarDown(const program::ArgumentPath& place)
{
    return std::ranges::any_of(place.path, [](const program::PathElement& element) {
        return element.kind == program::PathElement::Kind::ELEMENT && element.index >= MAX_PIECES;
    });
}

//! Look for the smallest number that fails: tries zero, then halves, then one less, and if that fails bisects between.
//! Takes two or three candidates if only the number itself fails, otherwise a logarithm of it.
//!
//! @param number  Known to fail.
//! @param attempt  Runs the program with another number; returns true if it fails.
//! @param zero  False if zero is known to pass.
template<typename Attempt>
void Descend(uint64_t number, const Attempt& attempt, bool zero = true)
{
    if (number == 0 || (zero && attempt(uint64_t{0}))) return;
    while (number > 1 && attempt(number / 2)) number /= 2;
    if (number <= 2 || !attempt(number - 1)) return;
    uint64_t passes{number / 2}, fails{number - 1};
    while (fails - passes > 1) {
        const uint64_t middle{passes + (fails - passes) / 2};
        (attempt(middle) ? fails : passes) = middle;
    }
}

//! Remove parts of a sequence, from its end to its front: all of it, then halves, quarters, and so on down to single
//! elements, which are tried until none can be removed. Stops when there would be more than `max_pieces` parts.
//!
//! @param size  Number of elements.
//! @param attempt  Runs the program without [begin, end); returns true if it fails, and has then removed them.
template<typename Attempt>
void RemovePieces(size_t size, size_t max_pieces, const Attempt& attempt)
{
    for (size_t chunk{size}; chunk > 0 && size > 0;) {
        if (size / chunk > max_pieces) return;
        bool taken{false};
        for (size_t end{size}; end > 0;) {
            const size_t begin{end - std::min(chunk, end)};
            if (attempt(begin, end)) {
                size -= end - begin;
                taken = true;
            }
            end = begin;
        }
        if (chunk > 1) {
            chunk = std::max<size_t>(1, std::min(chunk / 2, size / 2));
        } else if (!taken) {
            return;
        }
    }
}

//! RemovePieces of a container somewhere in the current program.
//!
//! @param find  Called with a program, const or not: returns a reference to the container in it.
template<typename Find>
void RemoveElements(Search& search, const Find& find, size_t max_pieces = std::numeric_limits<size_t>::max())
{
    RemovePieces(find(search.Current()).size(), max_pieces, [&](size_t begin, size_t end) {
        return search.TryWith([&](program::Program& candidate) {
            auto& container{find(candidate)};
            const auto first{container.begin()};
            using Offset = typename std::iterator_traits<decltype(first)>::difference_type;
            container.erase(first + static_cast<Offset>(begin), first + static_cast<Offset>(end));
        });
    });
}

} // namespace mpfuzz::triage
