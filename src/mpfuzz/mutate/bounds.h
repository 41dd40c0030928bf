#pragma once

#include <mpfuzz/program/program.h>

namespace mpfuzz::mutate {

//! True for programs that may be over the bounds of program.h: too many steps, values nested too deep,
//! too many words. Never false where Validate refuses a program for its size. Cost: a pass over it.
bool OverBounds(const schema::Schema& schema, const program::Program& program);

} // namespace mpfuzz::mutate
