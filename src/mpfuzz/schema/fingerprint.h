#pragma once

// Private to this folder: uses Cap'n Proto.

#include <mpfuzz/schema/bindings.h>

#include <capnp/schema-loader.h>

#include <cstdint>
#include <vector>

namespace mpfuzz::schema {

//! A hash of all collected types and declared constants: their names, ids, types, offsets on the wire, defaults and
//! annotations. Names and paths of files are not part of it.
uint64_t Fingerprint(const Declarations& declarations, const ::capnp::SchemaLoader& loader,
                     const TypeCollector& collector, const std::vector<const Declaration*>& declared);

} // namespace mpfuzz::schema
