#pragma once

// Private to this folder: uses Cap'n Proto.

#include <mpfuzz/schema/bindings.h>

#include <capnp/schema-loader.h>

#include <cstdint>
#include <vector>

namespace mpfuzz::schema {

//! Hash of all declarations found and of the constants declared: names, ids, types, offsets on the wire, defaults and
//! annotations. Without the files' names and paths.
uint64_t Fingerprint(const Declarations& declarations, const ::capnp::SchemaLoader& loader, const Reach& reach,
                     const std::vector<const Declaration*>& declared);

} // namespace mpfuzz::schema
