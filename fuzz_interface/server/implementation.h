// The implementation that the server's end of a binding calls.
#pragma once

#include <fuzz_interface/interface/interface.h>
#include <fuzz_interface/server/bugs.h>

#include <memory>

namespace mpfuzz::fuzz_interface {

//! The main interface of every connection of a process. All objects that it makes share one state: the slots, and the
//! count of objects. Any number of threads may call them at once. They may outlive it.
//!
//! Several threads may call a callback at once. The implementation holds no lock while it calls one.
class Implementation : public FuzzInit
{
public:
    //! Empties the slots. From now on, `store` throws std::runtime_error. A process calls this before it ends its loop,
    //! because callbacks must not outlive the loop.
    virtual void Close() = 0;
};

std::unique_ptr<Implementation> MakeImplementation(const Bugs& bugs);

} // namespace mpfuzz::fuzz_interface
