#pragma once

#include <mpfuzz/program/program.h>

#include <string>
#include <vector>

namespace mpfuzz::program {

//! The canonical text of a valid program, one line for each step. Lossless: Parse() returns the same Program.
std::string Print(const schema::Schema& schema, const Program& program);

//! Names of the steps' results in the canonical text, such as `c0` or `getTip1`. Empty for steps without a result.
std::vector<std::string> StepNames(const schema::Schema& schema, const Program& program);

//! The line of one step, without the newline. `names` are those of StepNames().
std::string PrintStep(const schema::Schema& schema, const Program& program, StepIndex step,
                      const std::vector<std::string>& names);

//! A value of a type, as in an argument or an answer, also if it does not fit the type. `names` are those of
//! StepNames(); they may be empty for answers, which have no references. The fields in a reference's path are printed
//! as `#INDEX`, because their names are not known here.
std::string PrintValue(const schema::Schema& schema, schema::Type type, const Value& value,
                       const std::vector<std::string>& names);

//! The same for a value of a program, with the names of all fields.
std::string PrintValue(const schema::Schema& schema, const Program& program, schema::Type type, const Value& value);

//! The fields of a struct in parentheses, as in a call.
std::string PrintStruct(const schema::Schema& schema, uint32_t struct_index, const StructValue& value,
                        const std::vector<std::string>& names);

} // namespace mpfuzz::program
