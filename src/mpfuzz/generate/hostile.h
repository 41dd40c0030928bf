#pragma once

#include <mpfuzz/base/rng.h>
#include <mpfuzz/generate/schema_index.h>
#include <mpfuzz/program/program.h>

#include <optional>

namespace mpfuzz::generate {

//! A message of rpc.capnp that no correct client would send: of any kind, with random fields except capabilities, and
//! with mostly small ids, so that some of them exist. Returns nullopt if no valid one was made in a few tries.
std::optional<program::Message> MakeHostileMessage(const SchemaIndex& schema_index, program::StepIndex connection,
                                                   base::Rng& rng);

//! Bytes to send between two messages: random bytes, wrong segment tables, the beginning of a message.
program::Bytes MakeHostileBytes(program::StepIndex connection, base::Rng& rng);

//! Adds one to three such messages or bytes, all on one connection. Valid before and after.
void AddHostileBytes(const SchemaIndex& schema_index, program::Program& program, base::Rng& rng);

} // namespace mpfuzz::generate
