#pragma once

#include <fuzz_interface/drivers/choices.h>
#include <fuzz_interface/interface/interface.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mpfuzz::fuzz_interface {

//! What a client has got from its server so far; used by one thread.
struct ClientState {
    std::unique_ptr<FuzzInit> init;
    std::unique_ptr<FuzzInterface> fuzz; //!< goes before what it came from, as a client would do it
    std::vector<std::unique_ptr<FuzzObject>> objects;
};

//! A call through a proxy, with its arguments.
struct ClientCall {
    std::string name; //!< of the method
    //! Does nothing where the state has not got what it is made on.
    std::function<void(ClientState&)> make;
};

//! Some method of some interface, with arbitrary arguments; or a proxy to be destroyed.
ClientCall ChooseClientCall(Choices& choices);

} // namespace mpfuzz::fuzz_interface
