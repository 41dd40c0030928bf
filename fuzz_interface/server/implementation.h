// What is behind the binding on the called side.
#pragma once

#include <fuzz_interface/interface/interface.h>
#include <fuzz_interface/server/bugs.h>

#include <memory>

namespace mpfuzz::fuzz_interface {

//! The main interface of every connection of a process; all that it makes share one state: the slots and the count of
//! objects. Calls may come on any number of threads at once. What it made may outlive it.
//!
//! A callback may be called on several threads at once, and never while a lock of ours is held.
class Implementation : public FuzzInit
{
public:
    //! Empty the slots, and store no more: Store throws std::runtime_error from now on. For a process that ends its
    //! loop, which callbacks may not outlive.
    virtual void Close() = 0;
};

std::unique_ptr<Implementation> MakeImplementation(const Bugs& bugs);

} // namespace mpfuzz::fuzz_interface
