#pragma once

#include <fuzz_interface/drivers/choices.h>
#include <fuzz_interface/interface/interface.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mpfuzz::fuzz_interface {

//! The proxies that a client has so far. Only one thread uses it.
struct ClientState {
    std::unique_ptr<FuzzInit> init;
    std::unique_ptr<FuzzInterface> fuzz; //!< after `init`, so that it is destroyed first, as clients usually do
    std::vector<std::unique_ptr<FuzzObject>> objects;
};

//! A call through a proxy, with its arguments.
struct ClientCall {
    std::string name; //!< of the method
    //! Makes the call. Does nothing if the client has no proxy for it.
    std::function<void(ClientState&)> make;
};

//! Chooses a method of any interface with arbitrary arguments, or the destruction of a proxy.
ClientCall ChooseClientCall(Choices& choices);

} // namespace mpfuzz::fuzz_interface
