// The fuzz interface's compiled schema, for drivers that write messages with Cap'n Proto's dynamic API. Only schema.cpp
// uses generated classes. This matters because each binding has its own generated code of mp/proxy.capnp.
#pragma once

#include <capnp/schema.h>

#include <string_view>
#include <vector>

namespace mpfuzz::fuzz_interface {

//! FuzzInit and every interface that is reachable from it, including Thread and ThreadMap. Each occurs once, in a fixed
//! order.
const std::vector<capnp::InterfaceSchema>& Interfaces();

//! The interface with this name in the schema file. CHECK fails if there is none.
capnp::InterfaceSchema FindInterface(std::string_view name);

//! The method with these numbers, as a call contains them. Returns nullptr if there is none.
kj::Maybe<capnp::InterfaceSchema::Method> FindMethod(uint64_t interface, uint16_t method);

} // namespace mpfuzz::fuzz_interface
