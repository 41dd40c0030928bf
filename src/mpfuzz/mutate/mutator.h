#pragma once

#include <mpfuzz/generate/generator.h>
#include <mpfuzz/generate/inventory.h>
#include <mpfuzz/generate/schema_index.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

//! Program → Program: small changes, picked at random, that always leave a valid program.
namespace mpfuzz::mutate {

//! The engine's own byte mutator, such as LLVMFuzzerMutate, which knows its dictionary, and, where the target is
//! in its own process, what that compared its input with: changes `bytes` in place and returns their new length, at
//! most `max`. There is room for `max` bytes.
using Hints = std::function<size_t(std::span<uint8_t> bytes, size_t max)>;

//! Pairs of numbers that the target compared, and that differed, zero-extended; in any order.
using ComparisonList = std::vector<std::pair<uint64_t, uint64_t>>;

//! What the target compared while it ran the program that is being mutated, or at least lately.
using Comparisons = std::function<ComparisonList()>;

//! What a mutator has at hand. Borrows everything.
struct Context {
    const schema::Schema& schema;
    const generate::SchemaIndex& schema_index;
    generate::Generator& generator;
    base::Rng& rng;
    const program::Program* other{nullptr};        //!< a second valid program to take from
    const Hints* hints{nullptr};                   //!< where not null, not empty
    const Comparisons* comparisons{nullptr};       //!< the same
    size_t max_steps{30};                          //!< nothing new is begun beyond
    std::optional<program::StepIndex> only_step{}; //!< where set, values of other steps are left as they are

    //! Steps that may still be added.
    size_t Room(const program::Program& program) const
    {
        return program.steps.size() < max_steps ? max_steps - program.steps.size() : 0;
    }

    //! What the first `end` steps of a program leave at hand. Cost: a pass over them.
    generate::Inventory Before(const program::Program& program, program::StepIndex end) const;
};

//! What a mutator cannot do without.
enum class Needs : uint8_t { NOTHING, OTHER, HINTS, COMPARISONS };

//! One way to change a program.
struct Mutator {
    std::string_view name;
    uint32_t weight{0}; //!< before it adapts
    Needs needs{Needs::NOTHING};
    //! False: found no place to apply, and left the program as it was. True: changed it, though now and
    //! then into what it was before. Adds no step where there are max_steps already; a call with all that
    //! it needs may pass them. The program is valid before, and after unless it grew over the
    //! bounds of program.h (see OverBounds).
    bool (*apply)(program::Program& program, Context& context);
};

} // namespace mpfuzz::mutate
