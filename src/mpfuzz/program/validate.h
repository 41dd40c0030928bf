#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/program/program.h>

namespace mpfuzz::program {

//! Check that every step can be carried out as written.
//!
//! Demands: references name earlier steps of the right sort with paths that exist in their answer types;
//! values have the shape of their type; struct fields ascend, and unions have at most one branch set;
//! groups and structs in lists are not null; a Message holds no capabilities (it describes them in its
//! own capTable); everything is within the bounds of program.h. Permits what is wrong on purpose: an enum out of range,
//! null capabilities, a capability of another interface or connection, a method that the target does not have, use
//! after Drop, Cancel or Disconnect.
//!
//! @return An error that names the step by number (from 0) and what is wrong with it.
base::Status Validate(const schema::Schema& schema, const Program& program);

//! The same for one step, where those before it are valid. The error does not name the step.
base::Status ValidateStep(const schema::Schema& schema, const Program& program, StepIndex step);

//! True where data of type `from` can be handed on in place of `to`: the same type, both Text or
//! Data, or both integers. Never for capabilities, groups, Void, and the untyped pointers.
bool DataFits(const schema::Schema& schema, schema::Type from, schema::Type to);

//! True for what can hold a capability: interfaces, Capability, AnyPointer.
bool HoldsCapability(schema::Kind kind);

} // namespace mpfuzz::program
