#pragma once

#include <mpfuzz/domain/domain.h>

namespace mpfuzz::generate {

class ProgramBuilder;

//! Something to stand in a place that takes anything of a sort: null, text, data, a list, a struct or
//! a capability in an ANY_POINTER, structs in an ANY_STRUCT, lists in an ANY_LIST, any capability in a
//! CAPABILITY.
program::Value MakeAny(ProgramBuilder& builder, const domain::SourceContext& source_context, schema::Kind kind);

} // namespace mpfuzz::generate
