#pragma once

#include <mpfuzz/base/rng.h>
#include <mpfuzz/generate/schema_index.h>
#include <mpfuzz/program/program.h>

#include <optional>

namespace mpfuzz::generate {

//! A message of rpc.capnp that no correct client would send. Its kind and fields are random. It has no capabilities.
//! Most ids are small, so that some of them exist. Returns nullopt if a few attempts gave no valid step.
std::optional<program::Message> MakeHostileMessage(const SchemaIndex& schema_index, program::StepIndex connection,
                                                   base::Rng& rng);

//! Malformed bytes to send between two messages: a wrong segment table, a malformed message, random bytes.
program::Bytes MakeHostileBytes(program::StepIndex connection, base::Rng& rng);

//! Adds one to three hostile messages or bytes, all on one connection. The program is valid before and after.
void AddHostileBytes(const SchemaIndex& schema_index, program::Program& program, base::Rng& rng);

} // namespace mpfuzz::generate
