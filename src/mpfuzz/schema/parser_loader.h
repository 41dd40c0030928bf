#pragma once

// Private to this folder: speaks Cap'n Proto.

#include <capnp/schema-parser.h>

namespace mpfuzz::schema {

//! The loader inside a parser, which holds all that the parser has compiled and compiles the rest of
//! the files it has seen on demand. Lives as long as the parser. Cap'n Proto shows it to nobody, but
//! does run a public member template on it, which the .cpp specialises.
const ::capnp::SchemaLoader& ParserLoader(::capnp::SchemaParser& parser);

} // namespace mpfuzz::schema
