#pragma once

// Private to this folder: uses Cap'n Proto.

#include <mpfuzz/schema/declarations.h>

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace mpfuzz::schema {

//! A generic declaration and the types to which its parameters are bound.
struct BoundScope {
    const Declaration* declaration{nullptr};
    std::vector<::capnp::Type> arguments; //!< empty if it has no parameters, or if all are AnyPointer
};

//! Bindings of a struct or interface and of the declarations that enclose it, outermost first.
std::vector<BoundScope> BoundScopes(const Declarations& declarations, ::capnp::Schema schema);

//! The schema itself, or its generic form if its bindings are nested more than MAX_BINDING_DEPTH deep:
//! `struct T(X) { next @0 :T(List(X)); }` has infinitely many types.
::capnp::Schema Bounded(const Declarations& declarations, ::capnp::Schema schema);

//! A guess: people write bindings that are nested two or three deep.
inline constexpr unsigned MAX_BINDING_DEPTH{6};

//! A key that is equal for equal types with equal bindings. It does not depend on names or files. A generic without
//! bindings equals one whose parameters are all bound to AnyPointer.
std::string TypeKey(const Declarations& declarations, ::capnp::Type type);
std::string SchemaKey(const Declarations& declarations, ::capnp::Schema schema);

//! True for AnyPointer itself and for a type parameter that nothing is bound to.
bool IsUnbound(::capnp::Type type);

//! Finds every type that a set of declarations uses, directly or indirectly: each struct, interface and enum once for
//! each distinct binding.
class Reach
{
public:
    explicit Reach(const Declarations& declarations) : m_declarations{declarations} {}

    //! Adds a struct, interface, enum or constant, and all types that it uses.
    void Add(::capnp::Schema schema);

    //! All schemas found, by key (see SchemaKey).
    const std::map<std::string, ::capnp::Schema>& Found() const { return m_found; }

    //! Ids of all declarations found, constants included.
    const std::set<uint64_t>& Ids() const { return m_ids; }

    //! Key of this schema in Found, or of its generic form if it has too many bindings.
    std::string KeyOf(::capnp::Schema schema) const;

private:
    void Note(::capnp::Type type);
    void Note(::capnp::Schema schema);
    void NoteContent(::capnp::Schema schema);

    const Declarations& m_declarations;
    std::map<std::string, ::capnp::Schema> m_found;
    std::map<uint64_t, unsigned> m_bindings;
    std::set<uint64_t> m_ids;
    std::deque<::capnp::Schema> m_pending;
};

//! Most bindings of one generic that are listed; further ones count as its generic form. A guess: only generics that
//! use themselves with other bindings have so many.
inline constexpr unsigned MAX_BINDINGS{100};

} // namespace mpfuzz::schema
