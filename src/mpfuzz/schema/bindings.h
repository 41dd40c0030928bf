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

//! Finds every type that a set of declarations leads to: each struct, interface and enum once for each
//! distinct binding.
class Reach
{
public:
    explicit Reach(const Declarations& declarations) : m_declarations{declarations} {}

    //! Add a struct, interface, enum or constant, and all that it leads to.
    void Add(::capnp::Schema schema);

    //! All schemas found, by key (see SchemaKey).
    const std::map<std::string, ::capnp::Schema>& Found() const { return m_found; }

    //! Ids of all declarations found, constants included.
    const std::set<uint64_t>& Ids() const { return m_ids; }

    //! Key under which Found has this schema or, where it has too many bindings, its generic form.
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

//! Most bindings of one generic that are told apart; further ones count as its generic form. Guess,
//! unmeasured: only schemas whose bindings feed on themselves come near it.
inline constexpr unsigned MAX_BINDINGS{100};

} // namespace mpfuzz::schema
