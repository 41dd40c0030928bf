// Arbitrary bytes, texts and numbers, and RPC messages made of them. A correct proxy would not send such messages.
#pragma once

#include <fuzz_interface/drivers/choices.h>

#include <capnp/any.h>
#include <capnp/dynamic.h>

#include <cstdint>
#include <string>

namespace mpfuzz::fuzz_interface {

//! A serialised Bitcoin value, intact or damaged, or arbitrary bytes. Damage is: cut off, extended, one byte changed,
//! or a count that is larger than what follows. Usually below 1 kB, rarely above 64 kB.
std::string ArbitraryBytes(Choices& choices);

//! JSON, intact or damaged, or arbitrary text. Damage is: cut off, one character changed, or a number or an escape that
//! no JSON library writes. May be nested up to 100,000 levels, contain NULs, or be invalid UTF-8. Rarely above 64 kB.
std::string ArbitraryText(Choices& choices);

//! Half of the results are in [-1, 6]: all enumerators and slot numbers, and the numbers next to them.
int64_t ArbitraryInteger(Choices& choices);

//! May be infinite or a NaN.
double ArbitraryDouble(Choices& choices);

//! Provides the capabilities that are put into a message.
class Capabilities
{
public:
    //! @param field  Of an interface type. The choice may depend on its name as well.
    //! @param valid  If true, returns a working capability of the field's type.
    //! @return nullptr to leave the field unset.
    virtual kj::Maybe<capnp::Capability::Client> Choose(capnp::StructSchema::Field field, bool valid) = 0;

protected:
    ~Capabilities() = default;
};

//! How wrong a message may be.
enum class Validity {
    VALID,    //!< every field is set and has the right type; only bytes, texts and numbers are arbitrary
    INVALID,  //!< besides, fields may be unset, capabilities null, broken or of another type, map keys duplicated
    MALFORMED //!< besides, one pointer has another type than the schema says
};

//! Writes a message that a correct proxy would not send.
//! @param message  Parameters or results. The previous contents are dropped.
//! @param schema   The type that the receiver expects.
//! Cost: up to about a megabyte, usually a hundred bytes.
void FillMalformed(capnp::AnyPointer::Builder message, capnp::StructSchema schema, Validity validity, Choices& choices,
                   Capabilities& capabilities);

} // namespace mpfuzz::fuzz_interface
