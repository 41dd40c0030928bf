#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/program/program.h>

#include <string_view>
#include <vector>

namespace mpfuzz::program {

//! Read a program strictly: the first line that is wrong is the error, as
//! `LINE:COLUMN: what is wrong, what was expected`, counted from 1. The result is valid.
base::Result<Program> Parse(const schema::Schema& schema, std::string_view text);

struct LenientProgram {
    Program program;                     //!< valid
    std::vector<std::string> complaints; //!< one a dropped line, as Parse words it
};

//! Read what still fits the schema: a line that does not, or that uses a dropped line's result, is
//! dropped and counted. Never fails, whatever the bytes are.
LenientProgram ParseLenient(const schema::Schema& schema, std::string_view text);

} // namespace mpfuzz::program
