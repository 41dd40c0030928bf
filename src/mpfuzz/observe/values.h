#pragma once

#include <mpfuzz/program/program.h>
#include <mpfuzz/trace/trace.h>

#include <functional>
#include <optional>
#include <string>

//! What stands in arguments and answers, with all that a schema leaves unsaid filled in.
namespace mpfuzz::observe {

//! What a field reads as where it is not set: its default, or the type's zero, an empty text or an empty list.
//! Nothing where the schema does not spell the default out, and for types without plain values.
std::optional<program::Value> DefaultOf(const schema::Schema& schema, const schema::Field& field);

//! Finds what a reference stood for; nothing where that cannot be known.
using FindData = std::function<std::optional<program::Value>(const program::DataRef&)>;

//! The value at a path of fields into a struct, defaults filled in.
//!
//! @param path  Fields only, not empty; see program::TypeAt.
//! @param find  May be empty where there are no references, as in answers.
//! @return Nothing where it cannot be known: an unset member of a union, whose other branch may be the one that is
//!         set, a reference into the unknown, a number that does not fit its field.
std::optional<program::Value> ValueAt(const schema::Schema& schema, uint32_t struct_index,
                                      const program::StructValue& value, const program::Path& path,
                                      const FindData& find = {});

//! The same for a call's argument as it went out, references into earlier answers followed and edits applied.
std::optional<program::Value> ArgumentAt(const schema::Schema& schema, const program::Program& program,
                                         const trace::Trace& trace, program::StepIndex call, const program::Path& path);

//! True where a capability stands at a path into an answer.
bool HasCapability(const program::StructValue& answer, const program::Path& path);

//! True where an answer was kept whole: longer ones are cut when they are read (trace::MAX_ANSWER_BYTES and so on).
bool IsWhole(const program::StructValue& answer);

//! Where two values of a type differ first, such as `.result.height` or `.result[]`; nothing where they read the
//! same. Null and empty read the same, and so do all values whose default is not known.
std::optional<std::string> FirstDifference(const schema::Schema& schema, schema::Type type, const program::Value& a,
                                           const program::Value& b);

} // namespace mpfuzz::observe
