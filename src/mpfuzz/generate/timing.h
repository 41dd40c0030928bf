#pragma once

#include <mpfuzz/base/rng.h>
#include <mpfuzz/generate/schema_index.h>
#include <mpfuzz/program/program.h>

namespace mpfuzz::generate {

//! Adds awaits, cancels, drops and a delay to a program of calls.
//!
//! Most calls that may never be answered are not awaited. Valid before and after. Cost: a few passes over the program.
//!
//! @param program     Disconnect steps, if it has any, are its last steps. Nothing is added after the last step.
//! @param misbehaves  True if capabilities may be dropped, and calls cancelled, before their last use.
void AddTiming(const SchemaIndex& schema_index, program::Program& program, bool misbehaves, base::Rng& rng);

} // namespace mpfuzz::generate
