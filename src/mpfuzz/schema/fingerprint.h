#pragma once

// Private to this folder: speaks Cap'n Proto.

#include <mpfuzz/schema/bindings.h>

#include <capnp/schema-loader.h>

#include <cstdint>
#include <vector>

namespace mpfuzz::schema {

//! Hash of all declarations found and of the constants declared: names, ids, types, places on the wire,
//! defaults and annotations. Files' names and places are left out.
uint64_t Fingerprint(const Declarations& declarations, const ::capnp::SchemaLoader& loader, const Reach& reach,
                     const std::vector<const Declaration*>& declared);

} // namespace mpfuzz::schema
