#pragma once

#include <mpfuzz/domain/domain.h>
#include <mpfuzz/program/program.h>

namespace mpfuzz::generate {

class ProgramBuilder;

//! How much may still go into one call's arguments, so that recursive types end.
struct Budget {
    unsigned depth{7};        //!< structs and lists inside each other; guess, unmeasured
    unsigned nodes{250};      //!< values; guess, unmeasured
    unsigned served_depth{0}; //!< above 0: inside what an object of ours answers, where no step is referred to
    bool may_repeat{true};    //!< one RepeatValue a call, so that its size stays bounded
};

//! Arguments for a call on `target`, as value sources and types have it. May add steps to the growth.
program::StructValue MakeArguments(ProgramBuilder& builder, schema::MethodRef method,
                                   const program::CapabilityRef& target);

//! A value for a slot: of the first value source that has one, else a plain one.
program::Value MakeValue(ProgramBuilder& builder, const domain::SourceContext& source_context);

//! A value of a type that stands in a slot, no value source asked for the slot itself.
program::Value MakePlain(ProgramBuilder& builder, const domain::SourceContext& source_context, schema::Type type);

//! A capability for a slot. @see capabilities.cpp for where it comes from.
program::Value MakeCapability(ProgramBuilder& builder, const domain::SourceContext& source_context, uint32_t interface);

//! How an object of ours reacts to a method: of every kind where the program misbehaves, else so that the target gets
//! an answer at once. The budget's served_depth must be above 0.
program::Reaction MakeReaction(ProgramBuilder& builder, const domain::SourceContext& source_context,
                               schema::MethodRef method);

//! An object of ours, with answers for some of its methods: for all that hand out capabilities.
program::ServedObject MakeServed(ProgramBuilder& builder, const domain::SourceContext& source_context,
                                 uint32_t interface);

//! What a type's field holds when it is not set: zero, or null.
program::Value ZeroValue(const schema::Schema& schema, schema::Type type);

//! Fields of a struct, for a call on slot.target. The slot says which call it is for; its owner, field
//! and type are not looked at.
program::StructValue MakeFields(ProgramBuilder& builder, const domain::SourceContext& source_context,
                                uint32_t struct_index);

} // namespace mpfuzz::generate
