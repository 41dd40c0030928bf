#pragma once

#include <mpfuzz/base/rng.h>
#include <mpfuzz/program/program.h>

#include <string>
#include <string_view>

//! What the tests of this folder share. Not part of the library.
namespace mpfuzz::program {

//! Everything that testdata/*.capnp declares.
const schema::Schema& TestSchema();

//! Parse strictly; CHECK fails with the error where that does not work.
Program MustParse(std::string_view text);

//! The error that a text gives, or `no error`.
std::string ErrorOf(std::string_view text);

//! A valid program that uses everything a program can hold, in no sensible way.
Program RandomProgram(const schema::Schema& schema, base::Rng& rng);

//! A random value of a type, for the arguments of the step behind the last one.
Value RandomValue(const schema::Schema& schema, const Program& program, schema::Type type, base::Rng& rng);

} // namespace mpfuzz::program
