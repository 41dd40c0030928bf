#pragma once

#include <mpfuzz/program/program.h>

#include <string>
#include <vector>

namespace mpfuzz::program {

//! The canonical text of a valid program, one line for each step. From this text, Parse() makes the same program.
std::string Print(const schema::Schema& schema, const Program& program);

//! Names of the steps' results in the canonical text, such as `c0` or `getTip1`. Empty for steps without a result.
std::vector<std::string> StepNames(const schema::Schema& schema, const Program& program);

//! The line of one step, without the newline. `names` are those of StepNames().
std::string PrintStep(const schema::Schema& schema, const Program& program, StepIndex step,
                      const std::vector<std::string>& names);

//! How to refer to a step in a text for people: `step 7, getTip2`, or only `step 7` if it has no result.
std::string StepLabel(const schema::Schema& schema, const Program& program, StepIndex step);

//! A value in an argument or an answer. It need not fit the type. `names` are those of StepNames(). They may be empty
//! for an answer, because it has no references. The fields in a reference's path are printed as `#INDEX`: their names
//! are not known without the program.
std::string PrintValue(const schema::Schema& schema, schema::Type type, const Value& value,
                       const std::vector<std::string>& names);

//! Prints a value of a program, with the names of all fields.
std::string PrintValue(const schema::Schema& schema, const Program& program, schema::Type type, const Value& value);

//! The fields of a struct in parentheses, as in a call.
std::string PrintStruct(const schema::Schema& schema, uint32_t struct_index, const StructValue& value,
                        const std::vector<std::string>& names);

} // namespace mpfuzz::program
