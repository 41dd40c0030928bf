#pragma once

#include <mpfuzz/program/program.h>

#include <string>
#include <vector>

namespace mpfuzz::program {

//! The canonical text of a valid program, one step a line. Lossless: Parse gives the same Program.
std::string Print(const schema::Schema& schema, const Program& program);

//! Names that Print gives to the steps' results, such as `c0` or `getTip1`; empty for steps without one.
std::vector<std::string> StepNames(const schema::Schema& schema, const Program& program);

//! One step's line, without the newline. `names` are StepNames.
std::string PrintStep(const schema::Schema& schema, const Program& program, StepIndex step,
                      const std::vector<std::string>& names);

//! A value of a type, as in an argument or an answer, whether it fits the type or not. `names` are StepNames;
//! they may be empty for answers, which hold no references. A reference's fields come out as `#INDEX`, since
//! their names are not known here.
std::string PrintValue(const schema::Schema& schema, schema::Type type, const Value& value,
                       const std::vector<std::string>& names);

//! The same for a value of a program, with its references in full.
std::string PrintValue(const schema::Schema& schema, const Program& program, schema::Type type, const Value& value);

//! The fields of a struct in parentheses, as in a call.
std::string PrintStruct(const schema::Schema& schema, uint32_t struct_index, const StructValue& value,
                        const std::vector<std::string>& names);

} // namespace mpfuzz::program
