#pragma once

#include <mpfuzz/mutate/mutators.h>

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

//! Functions that pick a value in a program.
namespace mpfuzz::mutate {

//! A value in a Call's arguments, or in a result that a served object returns.
struct ValueRef {
    program::StepIndex step{0};
    schema::Type type;
    program::Value* value{nullptr}; //!< valid until the step is changed or moved
    std::string_view field;         //!< name of its field; for an element of a list, name of the list's field
    bool in_list{false};            //!< the value is an element of a list
    bool served{false};             //!< in a result that a served object returns: must not refer to other steps
};

//! The fields of a Call's arguments, of a struct or group in them, or of a result that a served object returns.
struct FieldsRef {
    uint32_t struct_index{0};
    std::vector<program::FieldValue>* fields{nullptr};
};

//! Picks a value that `wanted` accepts. Returns nullopt if there is none.
//!
//! All values have the same probability, except that the elements of a list share the probability of one value.
//! Cost: a pass over the program.
std::optional<ValueRef> PickValue(const Context& context, program::Program& program,
                                  const std::function<bool(const ValueRef&)>& wanted);

//! Picks the fields of a struct that has fields, with the same probabilities. Returns nullopt if there is none.
std::optional<FieldsRef> PickFields(const Context& context, program::Program& program);

//! True if the value may be replaced by null.
bool CanBeNull(const schema::Schema& schema, const ValueRef& ref);

//! True for Text and Data.
inline bool IsBlob(schema::Kind kind) { return kind == schema::Kind::TEXT || kind == schema::Kind::DATA; }

//! A simple new value of a type: a random number, Text or Data; an empty list or struct; for other types zero or null.
//! It is also valid as an element of a list.
program::Value MakeAtom(const Context& context, schema::Type type);

} // namespace mpfuzz::mutate
