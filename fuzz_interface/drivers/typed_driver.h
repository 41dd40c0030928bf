// Random calls through FuzzInterface's C++ face, whatever is behind it: each answer is compared with what transform.h
// says, bit for bit.
#pragma once

#include <fuzz_interface/drivers/choices.h>
#include <fuzz_interface/drivers/mismatch.h>
#include <fuzz_interface/interface/interface.h>

#include <cstdint>
#include <optional>

namespace mpfuzz::fuzz_interface {

//! Drive one client, with callbacks that may call again before they answer.
//! @param calls  At most so many, besides what callbacks call; fewer where the choices are exhausted.
//! @param slot   In [0, SLOTS), for this driver alone: others that drive the same process take others.
//! @return The first mismatch.
std::optional<Mismatch> DriveTyped(FuzzInterface& remote, Choices& choices, uint64_t calls, int32_t slot = 0);

} // namespace mpfuzz::fuzz_interface
