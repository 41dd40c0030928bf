// One call of each method of FuzzInterface, with random arguments, and what should come of it. Those that only turn one
// value into another are in the table (typed_driver.cpp) itself.
#pragma once

#include <fuzz_interface/drivers/session.h>

#include <optional>
#include <string_view>

namespace mpfuzz::fuzz_interface {

//! @param method  Its name in the table.
//! @return Nothing where all is well.
using DriveMethod = std::optional<Mismatch>(Session& session, std::string_view method);

// typed_parameters.cpp
DriveMethod DriveInOut, DriveMixed, DriveRaise;

// typed_callbacks.cpp
DriveMethod DriveFunction, DriveObject, DriveUnique, DriveShared, DriveRecurse, DriveStored, DriveWrongSlot;

// typed_objects.cpp
DriveMethod DriveOwnObject, DriveMadeObject, DriveChild, DriveLiveObjects;

} // namespace mpfuzz::fuzz_interface
