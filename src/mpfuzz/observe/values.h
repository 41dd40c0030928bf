#pragma once

#include <mpfuzz/program/program.h>
#include <mpfuzz/trace/trace.h>

#include <functional>
#include <optional>
#include <string>

//! Functions that read values of arguments and answers, and use the default if a field is not set.
namespace mpfuzz::observe {

//! The value of a field that is not set: its default, or the type's zero, an empty text or an empty list.
//! Returns nullopt if the default cannot be read (for example of a list or struct), or if the type has no plain values.
std::optional<program::Value> DefaultOf(const schema::Schema& schema, const schema::Field& field);

//! Finds the value to which a reference referred. Returns nullopt if that is not known.
using FindData = std::function<std::optional<program::Value>(const program::DataRef&)>;

//! The value at a path in a struct, or its default.
//!
//! @param path  Consists of fields only, and is not empty; see program::TypeAt.
//! @param find  May be empty if there are no references, as in answers.
//! @return nullopt if the value is not known. This is so for an unset member of a union (another member may be set), a
//!         reference to a value that is not known, and a number that does not fit its field.
std::optional<program::Value> ValueAt(const schema::Schema& schema, uint32_t struct_index,
                                      const program::StructValue& value, const program::Path& path,
                                      const FindData& find = {});

//! Like ValueAt(), for a call's argument as it was sent: follows references to earlier answers, and applies edits.
std::optional<program::Value> ArgumentAt(const schema::Schema& schema, const program::Program& program,
                                         const trace::Trace& trace, program::StepIndex call, const program::Path& path);

//! True if an answer has a capability at a path.
bool HasCapability(const program::StructValue& answer, const program::Path& path);

//! True if the trace has the whole answer. Larger answers are cut when they are read: see trace::MAX_ANSWER_BYTES and
//! the other limits there.
bool IsWhole(const program::StructValue& answer);

//! The path to the first difference between two values of a type, such as `.result.height` or `.result[]`.
//!
//! Returns nullopt if they are equal. Null and empty are equal. A field that is set in only one of them is equal if its
//! default is not known.
std::optional<std::string> FirstDifference(const schema::Schema& schema, schema::Type type, const program::Value& a,
                                           const program::Value& b);

} // namespace mpfuzz::observe
