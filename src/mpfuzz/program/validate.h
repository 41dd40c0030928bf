#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/program/program.h>

namespace mpfuzz::program {

//! Check that every step can be executed as written.
//!
//! References must name earlier steps of the right kind, with paths that exist in their answer types. Values must fit
//! their type. Struct fields must ascend, and at most one member of a union may be set. Groups, and structs in lists,
//! must not be null. A Message must hold no capabilities (it describes them in its capTable). Everything must be within
//! the limits of program.h.
//!
//! Allows what a hostile client can do: an enum out of range, null capabilities, a capability of another interface or
//! connection, a method that the object does not have, and using a capability after Drop, Cancel or Disconnect.
//!
//! @return Ok, or an error with the number of the first wrong step (counted from 0) and what is wrong.
base::Status Validate(const schema::Schema& schema, const Program& program);

//! Check one step. The steps before it must be valid. The error does not contain the number of the step.
base::Status ValidateStep(const schema::Schema& schema, const Program& program, StepIndex step);

//! True if data of type `from` can be used as a value of type `to`. They must be the same type, or each Text or Data,
//! or both integers. False for capabilities, groups, Void, and untyped pointers.
bool DataFits(const schema::Schema& schema, schema::Type from, schema::Type to);

//! True for types that can hold a capability: interfaces, Capability, AnyPointer.
bool HoldsCapability(schema::Kind kind);

} // namespace mpfuzz::program
