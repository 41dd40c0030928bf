#pragma once

#include <mpfuzz/program/edit.h>
#include <mpfuzz/triage/search.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>

//! Functions with which passes find the smallest number and the shortest list in few reruns.
namespace mpfuzz::triage {

//! Largest number of pieces into which bytes and lists are cut at a time. A guess. The limit is necessary because a
//! long list of which every element is needed would otherwise take a very large number of reruns.
inline constexpr size_t MAX_PIECES{32};

//! True if a path leads into a list element with an index of MAX_PIECES or more. Passes skip these paths, because a
//! long list has thousands of elements, and each would take at least one rerun.
inline bool IsInLateElement(const program::ArgumentPath& place)
{
    return std::ranges::any_of(place.path, [](const program::PathElement& element) {
        return element.kind == program::PathElement::Kind::ELEMENT && element.index >= MAX_PIECES;
    });
}

//! Finds the smallest number with which the program fails. Tries zero, then divides by 2 as long as the program fails,
//! then subtracts one; if the program still fails, finds the limit by bisection. Needs two or three reruns if the
//! program fails only with the number itself, otherwise O(log number).
//!
//! @param number   The program is known to fail with it.
//! @param attempt  Runs the program with another number. Returns true if it fails.
//! @param zero     False if the program is known to pass with zero.
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

//! Removes parts of a sequence, from its end to its start: the whole sequence, then halves, quarters, and so on down to
//! single elements. Single elements are tried until none can be removed. Stops if there would be more than `max_pieces`
//! parts.
//!
//! @param size     Number of elements.
//! @param attempt  Runs the program without the elements [begin, end). If the program fails, keeps that program and
//!                 returns true.
template<typename Attempt>
void RemovePieces(size_t size, size_t max_pieces, const Attempt& attempt)
{
    for (size_t chunk{size}; chunk > 0 && size > 0;) {
        if (size / chunk > max_pieces) return;
        bool accepted{false};
        for (size_t end{size}; end > 0;) {
            const size_t begin{end - std::min(chunk, end)};
            if (attempt(begin, end)) {
                size -= end - begin;
                accepted = true;
            }
            end = begin;
        }
        if (chunk > 1) {
            chunk = std::max<size_t>(1, std::min(chunk / 2, size / 2));
        } else if (!accepted) {
            return;
        }
    }
}

//! Calls RemovePieces() for a container in the current program.
//!
//! @param find  Called with a program, which may be const. Returns a reference to the container in it.
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
