// The fuzz interface's schema as it was compiled in. Everything that drives by hand is dynamic and knows no generated
// class but one, in schema.cpp: it does not matter which binding's rendering of mp/proxy.capnp a program is built with.
#pragma once

#include <capnp/schema.h>

#include <string_view>
#include <vector>

namespace mpfuzz::fuzz_interface {

//! FuzzInit and every interface that it leads to, Thread and ThreadMap among them; each once, in a fixed order.
const std::vector<capnp::InterfaceSchema>& Interfaces();

//! The one of that name in the schema file; CHECK fails where there is none.
capnp::InterfaceSchema FindInterface(std::string_view name);

//! The method that a call names by numbers, if there is one.
kj::Maybe<capnp::InterfaceSchema::Method> FindMethod(uint64_t interface, uint16_t method);

} // namespace mpfuzz::fuzz_interface
