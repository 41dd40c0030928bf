#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/program/program.h>

#include <string_view>
#include <vector>

namespace mpfuzz::program {

//! Read a program. The result is valid. If a line is wrong, returns the error of the first wrong line:
//! `LINE:COLUMN: what is wrong, what was expected`. Lines and columns are counted from 1.
base::Result<Program> Parse(const schema::Schema& schema, std::string_view text);

struct LenientProgram {
    Program program;                     //!< valid
    std::vector<std::string> complaints; //!< one error for each dropped line or field, in the form that Parse() uses
};

//! Read only the lines that fit the schema. Drops a line that does not fit, and every line that uses the result of a
//! dropped line. If only a field is unknown, drops only that field. Accepts any bytes and never fails.
LenientProgram ParseLenient(const schema::Schema& schema, std::string_view text);

} // namespace mpfuzz::program
