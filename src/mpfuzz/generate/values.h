#pragma once

#include <mpfuzz/domain/domain.h>
#include <mpfuzz/program/program.h>

namespace mpfuzz::generate {

class ProgramBuilder;

//! How much may still be added to the arguments of one call. Without a limit, values of recursive types would not end.
//! The numbers are guesses.
struct Budget {
    unsigned depth{7};        //!< levels of structs and lists
    unsigned nodes{250};      //!< values
    unsigned served_depth{0}; //!< above 0 in the results of a served object, which must not refer to steps
    bool may_repeat{true};    //!< false once the call has a RepeatValue: one is allowed, so that the size stays limited
};

//! Arguments for a call of `method` on `target`, from value sources and types. May add steps to the program.
program::StructValue MakeArguments(ProgramBuilder& builder, schema::MethodRef method,
                                   const program::CapabilityRef& target);

//! A value for a field, from the first value source that has one. If none has, a plain value.
program::Value MakeValue(ProgramBuilder& builder, const domain::SourceContext& source_context);

//! A value of a type for a field, without asking value sources for this field. For fields inside it, they are asked.
program::Value MakePlain(ProgramBuilder& builder, const domain::SourceContext& source_context, schema::Type type);

//! A capability for a field: one that the program has, a new one, or an object that we serve.
program::Value MakeCapability(ProgramBuilder& builder, const domain::SourceContext& source_context, uint32_t interface);

//! A reaction of a served object to a method. If the program does not misbehave, it answers or throws without waiting
//! for a later step. The budget's served_depth must be above 0.
program::Reaction MakeReaction(ProgramBuilder& builder, const domain::SourceContext& source_context,
                               schema::MethodRef method);

//! A served object, with reactions to some of its methods, and to all that return capabilities.
program::ServedObject MakeServed(ProgramBuilder& builder, const domain::SourceContext& source_context,
                                 uint32_t interface);

//! The value of a field that is not set: zero, or null.
program::Value ZeroValue(const schema::Schema& schema, schema::Type type);

//! Fields of a struct, for a call of source_context.method on source_context.target. The other members of
//! source_context, except the schema, are not used.
program::StructValue MakeFields(ProgramBuilder& builder, const domain::SourceContext& source_context,
                                uint32_t struct_index);

} // namespace mpfuzz::generate
