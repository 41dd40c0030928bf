// What the files of the typed driver share: for each method of FuzzInterface a function that calls it once, with random
// arguments, and checks the outcome. Methods that only turn one value into another need no function: see the table in
// typed_driver.cpp.
#pragma once

#include <fuzz_interface/drivers/choices.h>
#include <fuzz_interface/drivers/compare.h>
#include <fuzz_interface/interface/interface.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace mpfuzz::fuzz_interface {

//! The state of one client. Only one thread at a time uses it: the thread that makes the call, or the thread that runs
//! the callbacks of that call.
struct Session {
    FuzzInterface& remote;
    Choices& choices;
    int32_t slot;                       //!< for callbacks; no other client uses it
    int depth{0};                       //!< of calls made by callbacks
    std::optional<Mismatch> nested{};   //!< the first mismatch of a call that a callback made
    std::function<void()> call_again{}; //!< makes one more call, for callbacks; does nothing at the maximum depth
};

//! @param method  Its name in the table.
//! @return nullopt if the outcome is as expected.
using DriveMethod = std::optional<Mismatch>(Session& session, std::string_view method);

// typed_callbacks.cpp
DriveMethod DriveFunction, DriveObject, DriveUnique, DriveShared, DriveRecurse, DriveStored, DriveWrongSlot;

// typed_objects.cpp
DriveMethod DriveOwnObject, DriveMadeObject, DriveChild, DriveLiveObjects;

} // namespace mpfuzz::fuzz_interface
