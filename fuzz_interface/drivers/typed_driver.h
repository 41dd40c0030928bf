// Makes random calls of FuzzInterface's methods, on any implementation. Each outcome is compared bit by bit with
// the reference implementation in interface/transform.h.
#pragma once

#include <fuzz_interface/drivers/choices.h>
#include <fuzz_interface/drivers/compare.h>
#include <fuzz_interface/interface/interface.h>

#include <cstdint>
#include <optional>

namespace mpfuzz::fuzz_interface {

//! Drives one client. Its callbacks may make calls before they answer.
//! @param calls  The maximum number of calls, without those made by callbacks; fewer if the choices are exhausted.
//! @param slot   In [0, SLOTS). No other driver of the same server may use it.
//! @return The first mismatch.
std::optional<Mismatch> DriveTyped(FuzzInterface& remote, Choices& choices, uint64_t calls, int32_t slot = 0);

} // namespace mpfuzz::fuzz_interface
