// Codecs of objects and functions: capabilities, with a server on the sending side and a proxy on the receiving side.
#pragma once

#include <fuzz_interface/interface/interface.h>
#include <fuzz_interface/native/calls.h>
#include <fuzz_interface/native/exchange.h>

#include <fuzz.capnp.h>
#include <mpfuzz/base/check.h>

#include <concepts>
#include <functional>
#include <memory>
#include <stdexcept>
#include <utility>

namespace mpfuzz::fuzz_interface::native {

namespace messages = fuzz_interface::messages;

//! A std::function, passed as an object with one method.
class FuzzFunction
{
public:
    virtual ~FuzzFunction() = default;
    virtual int32_t call(int32_t value) = 0;
};

// Defined in proxies.cpp.
std::unique_ptr<fuzz_interface::FuzzInterface> MakeProxy(Exchange& exchange, messages::FuzzInterface::Client object);
std::unique_ptr<fuzz_interface::FuzzCallback> MakeProxy(Exchange& exchange, messages::FuzzCallback::Client object);
std::unique_ptr<fuzz_interface::FuzzObject> MakeProxy(Exchange& exchange, messages::FuzzObject::Client object);
std::unique_ptr<FuzzFunction> MakeProxy(Exchange& exchange, messages::FuzzFunction::Client object);

// Defined in servers.cpp.
messages::FuzzInterface::Client MakeServer(Exchange& exchange,
                                           std::shared_ptr<Held<fuzz_interface::FuzzInterface>> object);
messages::FuzzCallback::Client MakeServer(Exchange& exchange,
                                          std::shared_ptr<Held<fuzz_interface::FuzzCallback>> object);
messages::FuzzObject::Client MakeServer(Exchange& exchange, std::shared_ptr<Held<fuzz_interface::FuzzObject>> object);
messages::FuzzFunction::Client MakeServer(Exchange& exchange, std::shared_ptr<Held<FuzzFunction>> object);

template<typename T>
concept Remotable = std::same_as<T, fuzz_interface::FuzzInterface> || std::same_as<T, fuzz_interface::FuzzCallback> ||
    std::same_as<T, fuzz_interface::FuzzObject> || std::same_as<T, FuzzFunction>;

//! A null pointer is a null capability, in both directions.
template<Remotable T>
struct Codec<std::shared_ptr<T>> {
    static void Build(Exchange& exchange, std::shared_ptr<T> object, auto output)
    {
        if (object) output.Set(MakeServer(exchange, std::make_shared<Held<T>>(std::move(object))));
    }
    static std::shared_ptr<T> Read(Exchange& exchange, auto input)
    {
        if (!input.IsPresent()) return nullptr;
        return MakeProxy(exchange, input.Get());
    }
};

template<Remotable T>
struct Codec<std::unique_ptr<T>> {
    static void Build(Exchange& exchange, std::unique_ptr<T> object, auto output)
    {
        Codec<std::shared_ptr<T>>::Build(exchange, std::move(object), output);
    }
    static std::unique_ptr<T> Read(Exchange& exchange, auto input)
    {
        if (!input.IsPresent()) return nullptr;
        return MakeProxy(exchange, input.Get());
    }
};

//! A reference as a parameter: the object is lent for the call. On the receiving side the call owns the proxy.
template<Remotable T>
struct Codec<T&> {
    static void Build(Exchange& exchange, T& object, auto output)
    {
        CHECK(exchange.call != nullptr);
        output.Set(MakeServer(exchange, exchange.call->Lend(object)));
    }
    static std::unique_ptr<T> Read(Exchange& exchange, auto input)
    {
        auto object{Codec<std::unique_ptr<T>>::Read(exchange, input)};
        if (!object) throw std::runtime_error{"null where an object is needed"};
        return object;
    }
};

//! An empty function is a null capability.
template<>
struct Codec<std::function<int32_t(int32_t)>> {
    using Function = std::function<int32_t(int32_t)>;
    class LocalFunction final : public FuzzFunction
    {
    public:
        explicit LocalFunction(Function function) : m_function{std::move(function)} {}
        int32_t call(int32_t value) override { return m_function(value); }

    private:
        const Function m_function;
    };

    static void Build(Exchange& exchange, Function function, auto output)
    {
        std::shared_ptr<FuzzFunction> object;
        if (function) object = std::make_shared<LocalFunction>(std::move(function));
        Codec<std::shared_ptr<FuzzFunction>>::Build(exchange, std::move(object), output);
    }
    static Function Read(Exchange& exchange, auto input)
    {
        auto object{Codec<std::shared_ptr<FuzzFunction>>::Read(exchange, input)};
        if (!object) return nullptr;
        return [object = std::move(object)](int32_t value) { return object->call(value); };
    }
};

} // namespace mpfuzz::fuzz_interface::native
