#pragma once

#include <mpfuzz/domain/domain.h>
#include <mpfuzz/program/program.h>

namespace mpfuzz::generate {

class ProgramBuilder;

//! How much may still be added to one call's arguments, so that values of recursive types are finite. The numbers are
//! guesses, unmeasured.
struct Budget {
    unsigned depth{7};        //!< levels of structs and lists
    unsigned nodes{250};      //!< values
    unsigned served_depth{0}; //!< above 0 inside a served object's results, which must not refer to steps
    bool may_repeat{true};    //!< each call gets at most one RepeatValue, so that its size stays bounded
};

//! Arguments for a call of `method` on `target`, from value sources and types. May add steps to the program.
program::StructValue MakeArguments(ProgramBuilder& builder, schema::MethodRef method,
                                   const program::CapabilityRef& target);

//! A value for a field, from the first value source that has one. If none has, a plain value.
program::Value MakeValue(ProgramBuilder& builder, const domain::SourceContext& source_context);

//! A value of a type for a field, without asking value sources for the field itself. They are still asked for fields
//! inside it.
program::Value MakePlain(ProgramBuilder& builder, const domain::SourceContext& source_context, schema::Type type);

//! A capability for a field: one that the program has, a new one, or an object that we serve.
program::Value MakeCapability(ProgramBuilder& builder, const domain::SourceContext& source_context, uint32_t interface);

//! How a served object reacts to a method. If the program misbehaves, any reaction; otherwise one that answers at once.
//! The budget's served_depth must be above 0.
program::Reaction MakeReaction(ProgramBuilder& builder, const domain::SourceContext& source_context,
                               schema::MethodRef method);

//! A served object, with reactions to some of its methods, and to all that return capabilities.
program::ServedObject MakeServed(ProgramBuilder& builder, const domain::SourceContext& source_context,
                                 uint32_t interface);

//! The value of a field that is not set: zero, or null.
program::Value ZeroValue(const schema::Schema& schema, schema::Type type);

//! Fields of a struct, for a call of source_context.method on source_context.target. Its owner, field and type are not
//! used.
program::StructValue MakeFields(ProgramBuilder& builder, const domain::SourceContext& source_context,
                                uint32_t struct_index);

} // namespace mpfuzz::generate
