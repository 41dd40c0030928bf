#pragma once

// Private to this folder: uses Cap'n Proto.

#include <mpfuzz/schema/bindings.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace mpfuzz::schema {

//! Gives every declaration of a Schema a unique name.
class Names
{
public:
    //! @param listed    Ids of all declarations that need a name.
    //! @param builtin   Those of them that only rpc.capnp's Message uses. Their names always contain the file, so that
    //!                  the user's own declarations get the short names.
    Names(const Declarations& declarations, const std::set<uint64_t>& listed, const std::set<uint64_t>& builtin);

    //! The name of a declaration, such as `Block`, `mining.capnp:Block` or `Pair(Text, Outer(Data).Inner)`.
    std::string Of(::capnp::Schema schema) const;

    //! The type in schema language.
    std::string Of(::capnp::Type type) const;

private:
    const Declarations& m_declarations;
    std::map<uint64_t, std::string> m_prefixes; //!< empty, or the file and a colon
};

} // namespace mpfuzz::schema
