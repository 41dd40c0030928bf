// What the typed driver's methods share.
#pragma once

#include <fuzz_interface/drivers/choices.h>
#include <fuzz_interface/drivers/mismatch.h>
#include <fuzz_interface/interface/interface.h>

#include <cstdint>
#include <functional>
#include <optional>

namespace mpfuzz::fuzz_interface {

//! One client's. On one thread at a time: that which calls, and which meanwhile runs its callbacks.
struct Session {
    FuzzInterface& remote;
    Choices& choices;
    int32_t slot;                       //!< nobody else uses it
    int depth{0};                       //!< of calls made by callbacks
    std::optional<Mismatch> nested{};   //!< the first that a callback's call had
    std::function<void()> call_again{}; //!< for callbacks: any call, unless there are too many already
};

} // namespace mpfuzz::fuzz_interface
