#pragma once

#include <mpfuzz/base/rng.h>
#include <mpfuzz/generate/schema_index.h>
#include <mpfuzz/program/program.h>

#include <optional>

namespace mpfuzz::generate {

//! A message of rpc.capnp that no client has reason to send: any kind, with small ids, so that some exist, and whatever
//! else its fields may hold but capabilities. Nothing where none was found that is valid.
std::optional<program::Message> MakeHostileMessage(const SchemaIndex& schema_index, program::StepIndex connection,
                                                   base::Rng& rng);

//! Bytes between two messages: noise, segment tables that promise too much, the beginning of a message.
program::Bytes MakeHostileBytes(program::StepIndex connection, base::Rng& rng);

//! Add one to three such messages or bytes, on one connection. Valid before and after.
void AddHostileBytes(const SchemaIndex& schema_index, program::Program& program, base::Rng& rng);

} // namespace mpfuzz::generate
