#pragma once

#include <fuzz_interface/drivers/choices.h>
#include <fuzz_interface/drivers/compare.h>
#include <fuzz_interface/interface/interface.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

namespace mpfuzz::fuzz_interface {

struct ObjectOptions {
    size_t rounds{100};                         //!< at most; fewer if the choices are exhausted
    std::chrono::milliseconds deadline{10'000}; //!< for a call, and for the server to release what it no longer needs
};

//! Uses objects and stored callbacks over several connections, on several threads, and compares every answer with a
//! model of the server. It notices calls that reach the wrong object or a destroyed one, and calls that are made twice
//! or in the wrong order. At the end it notices objects and callbacks that are never released.
//!
//! No other client may have objects or callbacks in the server at the same time.
//!
//! @param connect  Opens one more connection to the server. Called on any thread.
//! @return The first wrong answer, with the calls before it.
//!
//! If a call hangs, its thread and everything that it uses are leaked. The caller should then report the failure and
//! end the process.
std::optional<Failure> DriveObjects(const std::function<std::unique_ptr<FuzzInit>()>& connect, Choices& choices,
                                    const ObjectOptions& options);

//! Checks that no objects of earlier clients are left.
//! @return nullopt if all of them are released before the deadline.
std::optional<Failure> FindLeftovers(const std::function<std::unique_ptr<FuzzInit>()>& connect,
                                     const ObjectOptions& options);

} // namespace mpfuzz::fuzz_interface
