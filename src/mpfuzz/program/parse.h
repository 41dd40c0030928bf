#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/program/program.h>

#include <string_view>
#include <vector>

namespace mpfuzz::program {

//! Read a program strictly. The result is valid. The error is that of the first wrong line, as
//! `LINE:COLUMN: what is wrong, what was expected`, counted from 1.
base::Result<Program> Parse(const schema::Schema& schema, std::string_view text);

struct LenientProgram {
    Program program;                     //!< valid
    std::vector<std::string> complaints; //!< for each dropped line or field, worded as the error of Parse()
};

//! Read the lines that fit the schema. Drops a line that does not fit, or that uses the result of a dropped line; of an
//! unknown field only the field. Never fails, for any bytes.
LenientProgram ParseLenient(const schema::Schema& schema, std::string_view text);

} // namespace mpfuzz::program
