#pragma once

#include <mpfuzz/mutate/mutator.h>

#include <vector>

namespace mpfuzz::mutate {

//! What becomes of a reference to a step that is not copied, where nothing stands for what it made.
enum class Missing {
    REMOVE, //!< the reference is repaired, or its step removed: see program::RemoveStep
    BRING,  //!< that step is copied too
};

//! Copy the `wanted` steps of `source` to `program`, in front of its step `position`.
//!
//! References among them stay. A reference to any other step becomes one to what stands for it in the
//! program: for a connection one that is open there, for a capability a live one of the same interface on
//! the connection that stands for its own, for data the answer of a call of the same method. A connection
//! of the source for which no other one is left is copied, with what is used on it, within
//! Rules::max_connections.
//!
//! @param source  Valid; may be the program itself.
//! @param wanted  One for each of the source's steps.
//! @return Number of steps inserted; 0, with nothing changed, where none is left or there is no room.
//!         Cost: a pass over all arguments a step that is not copied.
size_t SpliceInto(const Context& context, program::Program& program, program::StepIndex position,
                  const program::Program& source, std::vector<bool> wanted, Missing missing);

} // namespace mpfuzz::mutate
