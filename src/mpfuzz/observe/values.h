#pragma once

#include <mpfuzz/program/program.h>
#include <mpfuzz/trace/trace.h>

#include <functional>
#include <optional>
#include <string>

//! Values of arguments and answers, with the defaults of fields that are not set.
namespace mpfuzz::observe {

//! The value of a field that is not set: its default, or the type's zero, an empty text or an empty list.
//! Returns nullopt if we cannot read the default (of a list, a struct and so on), or if the type has no plain values.
std::optional<program::Value> DefaultOf(const schema::Schema& schema, const schema::Field& field);

//! Finds the value that a reference stood for; returns nullopt if that is not known.
using FindData = std::function<std::optional<program::Value>(const program::DataRef&)>;

//! The value at a path of fields into a struct, or its default.
//!
//! @param path  Fields only, not empty; see program::TypeAt.
//! @param find  May be empty if there are no references, as in answers.
//! @return nullopt if the value is not known: an unset member of a union (another member may be set), a reference to a
//!         value that is not known, a number that does not fit its field.
std::optional<program::Value> ValueAt(const schema::Schema& schema, uint32_t struct_index,
                                      const program::StructValue& value, const program::Path& path,
                                      const FindData& find = {});

//! The same for a call's argument as it was sent: references to earlier answers are followed, and edits applied.
std::optional<program::Value> ArgumentAt(const schema::Schema& schema, const program::Program& program,
                                         const trace::Trace& trace, program::StepIndex call, const program::Path& path);

//! True if there is a capability at a path into an answer.
bool HasCapability(const program::StructValue& answer, const program::Path& path);

//! True if an answer was kept whole: longer answers are cut when they are read (trace::MAX_ANSWER_BYTES and so on).
bool IsWhole(const program::StructValue& answer);

//! The place of the first difference between two values of a type, such as `.result.height` or `.result[]`.
//! Returns nullopt if they are equal. Null and empty are equal; a field that only one of them sets is equal if its
//! default is not known.
std::optional<std::string> FirstDifference(const schema::Schema& schema, schema::Type type, const program::Value& a,
                                           const program::Value& b);

} // namespace mpfuzz::observe
