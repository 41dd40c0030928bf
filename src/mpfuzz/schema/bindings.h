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

//! A declaration, and the types to which its type parameters are bound.
struct BoundScope {
    const Declaration* declaration{nullptr};
    std::vector<::capnp::Type> arguments; //!< empty if it has no parameters, or if all are AnyPointer
};

//! A struct or interface and the declarations that enclose it, with their bindings; outermost first.
std::vector<BoundScope> BoundScopes(const Declarations& declarations, ::capnp::Schema schema);

//! The schema itself, or its generic form if its bindings are nested more than MAX_BINDING_DEPTH deep. Without this
//! limit, `struct T(X) { next @0 :T(List(X)); }` would give infinitely many types.
::capnp::Schema Bounded(const Declarations& declarations, ::capnp::Schema schema);

//! A guess: real schemas nest bindings two or three deep.
inline constexpr unsigned MAX_BINDING_DEPTH{6};

//! A text that identifies a type with its bindings. It does not depend on names or files. A generic type without
//! bindings has the same key as one whose parameters are all bound to AnyPointer.
std::string TypeKey(const Declarations& declarations, ::capnp::Type type);
std::string SchemaKey(const Declarations& declarations, ::capnp::Schema schema);

//! True for AnyPointer itself and for a type parameter that nothing is bound to.
bool IsUnbound(::capnp::Type type);

//! Finds every struct, interface and enum that a set of declarations uses, directly or indirectly. A generic type is
//! found once for each distinct binding.
class TypeCollector
{
public:
    explicit TypeCollector(const Declarations& declarations) : m_declarations{declarations} {}

    //! Adds a struct, interface, enum or constant, and all types that it uses.
    void Add(::capnp::Schema schema);

    //! All schemas found, by key (see SchemaKey).
    const std::map<std::string, ::capnp::Schema>& Found() const { return m_found; }

    //! Ids of all declarations found, constants included.
    const std::set<uint64_t>& Ids() const { return m_ids; }

    //! Key of this schema in Found(); the key of its generic form if MAX_BINDINGS was exceeded.
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

//! Maximum number of bindings of one generic type. Further bindings are replaced by its generic form. A guess: only a
//! type that contains itself with other bindings has so many.
inline constexpr unsigned MAX_BINDINGS{100};

} // namespace mpfuzz::schema
