// A method as a type: its C++ function, its request in the schema, and which parameter or result is which field.
#pragma once

#include <fuzz_interface/native/container_codecs.h>
#include <fuzz_interface/native/exchange.h>
#include <fuzz_interface/native/objects.h>
#include <fuzz_interface/native/value_codecs.h>

#include <capnp/capability.h>

#include <cstddef>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace mpfuzz::fuzz_interface::native {

// The direction of a parameter.
template<typename Field_>
struct In {
    using Field = Field_;
    static constexpr bool IN{true}, OUT{false};
};
template<typename Field_>
struct InOut {
    using Field = Field_;
    static constexpr bool IN{true}, OUT{true};
};
template<typename Field_>
struct Out {
    using Field = Field_;
    static constexpr bool IN{false}, OUT{true};
};

//! The parameters, in the order of the C++ function.
template<typename... Parts>
struct Params {
    using Tuple = std::tuple<Parts...>;
};

template<typename Field_>
struct Returns {
    using Field = Field_;
};
struct ReturnsNothing {
};

//! An exception that the method throws, and its field in the results. A std::exception is sent as its message.
template<typename Exception_, typename Field_>
struct Throws {
    using Exception = Exception_;
    using Field = Field_;
    static constexpr bool IS_STANDARD{std::is_same_v<Exception, std::exception>};
    using Kept = std::conditional_t<IS_STANDARD, std::string, Exception>;

    static Kept Keep(const Exception& error)
    {
        if constexpr (IS_STANDARD) {
            return error.what();
        } else {
            return error;
        }
    }
    [[noreturn]] static void Throw(const Kept& kept)
    {
        if constexpr (IS_STANDARD) {
            throw std::runtime_error{kept};
        } else {
            throw kept;
        }
    }
};

//! How a parameter is stored between the message and the call.
template<typename Arg>
struct Parameter {
    using Codec = native::Codec<std::remove_cvref_t<Arg>>;
    using Kept = std::remove_cvref_t<Arg>;
    static Arg&& Pass(Kept& kept) { return static_cast<Arg&&>(kept); }
};
template<Remotable T>
struct Parameter<T&> {
    using Codec = native::Codec<T&>;
    using Kept = std::unique_ptr<T>;
    static T& Pass(Kept& kept) { return *kept; }
};

template<typename Function>
struct FunctionTraits;
template<typename Class_, typename Result_, typename... Args>
struct FunctionTraits<Result_ (Class_::*)(Args...)> {
    using Class = Class_;
    using Result = Result_;
    using Parameters = std::tuple<Parameter<Args>...>;
    using Kept = std::tuple<typename Parameter<Args>::Kept...>;
    static constexpr size_t COUNT{sizeof...(Args)};
};

template<typename Request>
struct RequestTraits;
template<typename Client_, typename Params_, typename Results_>
struct RequestTraits<capnp::Request<Params_, Results_> (Client_::*)(kj::Maybe<capnp::MessageSize>)> {
    using Client = Client_;
    using Interface = typename Client_::Calls;
    using Params = Params_;
    using Results = Results_;
};

//! Whether the method has a parameter `context`, which names the thread that runs the call.
template<typename WireParams>
concept HasContext = requires(typename WireParams::Builder params)
{
    params.initContext();
};

template<auto Function_, auto Request_, typename Params_ = Params<>, typename Returns_ = ReturnsNothing,
         typename... Throws_>
struct Method {
    using Function = FunctionTraits<decltype(Function_)>;
    using Wire = RequestTraits<decltype(Request_)>;
    using CallContext = capnp::CallContext<typename Wire::Params, typename Wire::Results>;
    using Returns = Returns_;
    using Result = typename Function::Result;
    using KeptErrors = std::tuple<std::optional<typename Throws_::Kept>...>;
    using ThrowsTuple = std::tuple<Throws_...>;
    static constexpr auto FUNCTION{Function_};
    static constexpr auto REQUEST{Request_};
    static constexpr bool HAS_CONTEXT{HasContext<typename Wire::Params>};

    template<size_t I>
    using Part = std::tuple_element_t<I, typename Params_::Tuple>;
    template<size_t I>
    using Parameter = std::tuple_element_t<I, typename Function::Parameters>;

    static_assert(std::tuple_size_v<typename Params_::Tuple> == Function::COUNT, "one field for each parameter");
    static_assert(std::is_void_v<Result> == std::is_same_v<Returns, ReturnsNothing>);
};

//! Calls `function` with each index in [0, COUNT), as a std::integral_constant.
template<size_t COUNT>
void ForEachIndex(auto function)
{
    [&]<size_t... I>(std::index_sequence<I...>) { (function(std::integral_constant<size_t, I>{}), ...); }
    (std::make_index_sequence<COUNT>{});
}

} // namespace mpfuzz::fuzz_interface::native
