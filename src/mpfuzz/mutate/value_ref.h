#pragma once

#include <mpfuzz/mutate/mutators.h>

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

//! Picking a value in a program.
namespace mpfuzz::mutate {

//! A value in a Call's arguments, or in what a served object returns.
struct ValueRef {
    program::StepIndex step{0};
    schema::Type type;
    program::Value* value{nullptr}; //!< valid until the step is changed or moved
    std::string_view field;         //!< name of the field; for an element of a list, of the list's field
    bool in_list{false};            //!< an element of a list
    bool served{false};             //!< in what a served object returns: must not refer to other steps
};

//! The fields of a Call's arguments, of a struct or group in them, or of what a served object returns.
struct FieldsRef {
    uint32_t struct_index{0};
    std::vector<program::FieldValue>* fields{nullptr};
};

//! Picks a value that `wanted` accepts; returns nullopt if there is none. All have the same chance, except that the
//! elements of a list share the chance of one value. Cost: a pass over the program.
std::optional<ValueRef> PickValue(const Context& context, program::Program& program,
                                  const std::function<bool(const ValueRef&)>& wanted);

//! Picks the fields of a struct that has any, with the same chances.
std::optional<FieldsRef> PickFields(const Context& context, program::Program& program);

//! True if the value may be replaced by null.
bool CanBeNull(const schema::Schema& schema, const ValueRef& ref);

//! True for Text and Data.
inline bool IsBlob(schema::Kind kind) { return kind == schema::Kind::TEXT || kind == schema::Kind::DATA; }

//! A simple new value of a type: a random number, Text or Data, an empty list or struct, else zero or null. Also valid
//! as an element of a list.
program::Value MakeAtom(const Context& context, schema::Type type);

} // namespace mpfuzz::mutate
