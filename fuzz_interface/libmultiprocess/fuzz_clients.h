// The proxies that mpgen generates may throw exceptions of Cap'n Proto. This file translates them into
// std::runtime_error, for all methods in one place.
//
// The generated proxy.h includes this file, because the proxies derive from the class below.
#pragma once

#include <fuzz_interface/interface/interface.h>

#include <mp/proxy.h>

#include <fuzz_interface/interface/fuzz.capnp.h>

#include <kj/exception.h>

#include <concepts>
#include <stdexcept>
#include <utility>

namespace mpfuzz::fuzz_interface {

template<typename T, typename... Others>
concept OneOf = (std::same_as<T, Others> || ...);

template<typename T>
concept FuzzMessages = OneOf<T, messages::FuzzInit, messages::FuzzInterface, messages::FuzzFunction,
                             messages::FuzzCallback, messages::FuzzObject>;

} // namespace mpfuzz::fuzz_interface

namespace mp {

//! Calls libmultiprocess's clientInvoke, which comes after this file.
//! @throw std::runtime_error if it throws a kj::Exception: it does so if an answer cannot be read.
template<typename... Args>
void InvokeAndTranslate(Args&&... args)
{
    try {
        clientInvoke(std::forward<Args>(args)...);
    } catch (const kj::Exception& error) {
        throw std::runtime_error{error.getDescription().cStr()};
    }
}

template<mpfuzz::fuzz_interface::FuzzMessages Interface, typename Impl>
class ProxyClientCustom<Interface, Impl> : public ProxyClientBase<Interface, Impl>
{
public:
    using ProxyClientBase<Interface, Impl>::ProxyClientBase;

protected:
    //! Each generated method calls `clientInvoke` without naming a namespace. A member comes first, so it calls this.
    template<typename... Args>
    static void clientInvoke(Args&&... args)
    {
        InvokeAndTranslate(std::forward<Args>(args)...);
    }
};

} // namespace mp
