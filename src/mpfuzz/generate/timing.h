#pragma once

#include <mpfuzz/base/rng.h>
#include <mpfuzz/generate/schema_index.h>
#include <mpfuzz/program/program.h>

namespace mpfuzz::generate {

//! Give a program of calls its timing: waits, cancellations, releases and pauses between them.
//!
//! Where it does not misbehave nothing is released or canceled that is used later, and no call is
//! awaited that may rightly never be answered. Valid before and after. Cost: a few passes over the program.
//!
//! @param program     Ends, if at all, in Disconnect steps; nothing is added behind the last step.
//! @param misbehaves  Whether capabilities may be released, and calls canceled, before their last use.
void AddTiming(const SchemaIndex& schema_index, program::Program& program, bool misbehaves, base::Rng& rng);

} // namespace mpfuzz::generate
