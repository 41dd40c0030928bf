#pragma once

#include <mpfuzz/schema/schema.h>

#include <cstdint>
#include <optional>

namespace mpfuzz::peer {

//! The method that a message means by an interface's id and a method's ordinal, on an object of `interface` as far as
//! that is known. By numbers, since an inherited method may have the name of another.
//!
//! @return Nothing where the schema has no such method, or only bindings of a generic tell which one it is.
std::optional<schema::MethodRef> FindMethod(const schema::Schema& schema, std::optional<uint32_t> interface,
                                            uint64_t id, uint16_t ordinal);

} // namespace mpfuzz::peer
