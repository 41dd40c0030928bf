#pragma once

#include <mpfuzz/mutate/mutator.h>

#include <functional>
#include <optional>

//! Where values stand. Unlike program::Places this goes into what served objects return, and picks
//! one site without listing all.
namespace mpfuzz::mutate {

//! A value in a Call's arguments, or in what a served object returns.
struct ValueRef {
    program::StepIndex step{0};
    schema::Type type;
    program::Value* value{nullptr}; //!< valid until the step is changed or moved
    std::string_view field;         //!< name of the field; of a list element, the list's
    bool in_list{false};            //!< a struct cannot be null
    bool served{false};             //!< in what an object of ours returns: no place for new references
};

//! Some struct's fields: a Call's arguments, a struct or group in them, or a served method's results.
struct FieldsRef {
    uint32_t struct_index{0};
    std::vector<program::FieldValue>* fields{nullptr};
};

//! A value that `wanted` holds for; nothing where there is none. All are equally likely, but for
//! the elements of a list, which share the chance of one. Cost: a pass over the program.
std::optional<ValueRef> PickValue(const Context& context, program::Program& program,
                                  const std::function<bool(const ValueRef&)>& wanted);

//! Fields that may be changed, with the same chances.
std::optional<FieldsRef> PickFields(const Context& context, program::Program& program);

//! True where null may stand.
bool CanBeNull(const schema::Schema& schema, const ValueRef& site);

//! A plain value of a type, for a place that has had none: a random number, text or data, an empty list or
//! struct, else zero or null. It may stand in a list.
program::Value MakeAtom(const Context& context, schema::Type type);

} // namespace mpfuzz::mutate
