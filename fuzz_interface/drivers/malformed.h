#pragma once

#include <fuzz_interface/drivers/choices.h>

#include <capnp/any.h>
#include <capnp/dynamic.h>

namespace mpfuzz::fuzz_interface {

//! Where a message takes capabilities from.
class Capabilities
{
public:
    //! @param field  Of an interface type; its name may matter as well.
    //! @param tidy   It shall be one that can do what is asked of it.
    //! @return Nothing: leave the field unset.
    virtual kj::Maybe<capnp::Capability::Client> Choose(capnp::StructSchema::Field field, bool tidy) = 0;

protected:
    ~Capabilities() = default;
};

//! How far a message goes.
enum class Order {
    TIDY,     //!< everything is set, and of its type; only what the bytes, texts and numbers say is arbitrary
    LOOSE,    //!< fields may be unset, capabilities null, foreign or broken, keys there twice
    MALFORMED //!< and some pointer does not point to what the schema says
};

//! Write a message as no proxy would.
//! @param message  Parameters or results; what it held is dropped.
//! @param schema   What the receiver takes it for.
//! Cost: up to about a megabyte, most often a hundred bytes.
void FillMalformed(capnp::AnyPointer::Builder message, capnp::StructSchema schema, Order order, Choices& choices,
                   Capabilities& capabilities);

} // namespace mpfuzz::fuzz_interface
