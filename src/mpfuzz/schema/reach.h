#pragma once

// Private to this folder: speaks Cap'n Proto.

#include <mpfuzz/schema/bindings.h>

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace mpfuzz::schema {

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
