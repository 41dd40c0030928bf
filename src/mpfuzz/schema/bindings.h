#pragma once

// Private to this folder: speaks Cap'n Proto.

#include <mpfuzz/schema/declarations.h>

#include <string>
#include <vector>

namespace mpfuzz::schema {

//! Type parameters of one generic declaration and what they are bound to.
struct BoundScope {
    const Declaration* declaration{nullptr};
    std::vector<::capnp::Type> arguments; //!< empty where it has no parameters, or all are AnyPointer
};

//! Bindings of a struct or interface and of whatever encloses it, outermost first.
std::vector<BoundScope> BoundScopes(const Declarations& declarations, ::capnp::Schema schema);

//! The schema itself, or its generic form where bindings nest in bindings more than MAX_BINDING_DEPTH deep:
//! `struct T(X) { next @0 :T(List(X)); }` has no last type.
::capnp::Schema Bounded(const Declarations& declarations, ::capnp::Schema schema);

//! Guess, unmeasured: hand-written schemas nest two or three deep.
inline constexpr unsigned MAX_BINDING_DEPTH{6};

//! Identity of a type: equal for equal types, bindings included; does not depend on names or files.
//! A generic without bindings and one bound to AnyPointer throughout are the same.
std::string TypeKey(const Declarations& declarations, ::capnp::Type type);
std::string SchemaKey(const Declarations& declarations, ::capnp::Schema schema);

//! True for AnyPointer itself and for a type parameter that nothing is bound to.
bool IsUnbound(::capnp::Type type);

} // namespace mpfuzz::schema
