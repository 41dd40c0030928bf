#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/program/program.h>

namespace mpfuzz::program {

//! Check that every step can be carried out as written.
//!
//! Demands: references name earlier steps of the right sort with paths that exist in their answer types;
//! values have the shape of their type; struct fields ascend, and unions have at most one branch set;
//! Delay within MAX_DELAY_MS. Permits what is wrong on purpose: an enum out of range, null capabilities,
//! a capability of another interface or connection, a method that the target does not have, use
//! after Drop, Cancel or Disconnect.
//!
//! @return An error that names the step by number (from 0) and what is wrong with it.
base::Status Validate(const schema::Schema& schema, const Program& program);

} // namespace mpfuzz::program
