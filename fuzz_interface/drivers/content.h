// Bytes, texts and numbers where a proxy expects the ones of its own encoding.
#pragma once

#include <fuzz_interface/drivers/choices.h>

#include <cstdint>
#include <string>

namespace mpfuzz::fuzz_interface {

//! A serialisation of some value of Bitcoin's, whole or damaged, or any bytes: cut, extended, with a byte changed, or
//! with a count that says more than there is. Most often below 1 kB, rarely above 64 kB.
std::string WildBytes(Choices& choices);

//! JSON, whole or damaged, or any text: cut, with a character changed, a number or an escape as no library writes it,
//! up to 100,000 levels deep; NULs and what is no UTF-8 included. Rarely above 64 kB.
std::string WildText(Choices& choices);

//! Half of them in [-1, 6]: that is where enumerations and slots are.
int64_t WildInteger(Choices& choices);

//! What is no number included.
double WildDouble(Choices& choices);

} // namespace mpfuzz::fuzz_interface
