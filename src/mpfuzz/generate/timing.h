#pragma once

#include <mpfuzz/base/rng.h>
#include <mpfuzz/generate/schema_index.h>
#include <mpfuzz/program/program.h>

namespace mpfuzz::generate {

//! Adds awaits, cancels, drops and a delay to a program of calls.
//!
//! Only few of the calls that may stay unanswered are awaited. The program is valid before and after. Cost: a few
//! passes over the program.
//!
//! @param program     Valid. If it ends with Disconnect steps, the last `await all` is put before them.
//! @param misbehaves  True if a capability may be dropped, or a call cancelled, before its last use.
void AddTiming(const SchemaIndex& schema_index, program::Program& program, bool misbehaves, base::Rng& rng);

} // namespace mpfuzz::generate
