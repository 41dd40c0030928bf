#pragma once

#include <mpfuzz/base/rng.h>
#include <mpfuzz/program/program.h>

#include <string>
#include <string_view>

//! For tests only.
namespace mpfuzz::program {

//! The schema of the files testdata/*.capnp.
const schema::Schema& TestSchema();

//! MustParse() with TestSchema().
Program MustParse(std::string_view text);

//! The error that Parse() returns for a text; `no error` if it is valid.
std::string ErrorOf(std::string_view text);

//! A valid program with random steps and values of all kinds. It need not make sense.
Program RandomProgram(const schema::Schema& schema, base::Rng& rng);

//! A random value of a type, for an argument of a step that follows the program.
Value RandomValue(const schema::Schema& schema, const Program& program, schema::Type type, base::Rng& rng);

} // namespace mpfuzz::program
