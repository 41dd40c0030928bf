#pragma once

#include <mpfuzz/program/program.h>

#include <string>

namespace mpfuzz::program {

//! The canonical text of a valid program, one step a line. Lossless: Parse gives the same Program.
std::string Print(const schema::Schema& schema, const Program& program);

//! Names that Print gives to the steps' results, such as `c0` or `getTip1`; empty for steps without one.
std::vector<std::string> StepNames(const schema::Schema& schema, const Program& program);

//! A value of a type, as in an argument or an answer. `names` are StepNames.
std::string PrintValue(const schema::Schema& schema, schema::Type type, const Value& value,
                       const std::vector<std::string>& names);

//! The fields of a struct in parentheses, as in a call.
std::string PrintStruct(const schema::Schema& schema, uint32_t struct_index, const StructValue& value,
                        const std::vector<std::string>& names);

} // namespace mpfuzz::program
