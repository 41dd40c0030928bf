// What may be absent.
#pragma once

#include <fuzz_interface/native/exchange.h>

#include <optional>

namespace mpfuzz::fuzz_interface::native {

//! By the flag beside a field that has one; otherwise the field is a pointer, and what is present and empty is not
//! null.
template<typename T>
struct Codec<std::optional<T>> {
    static void Build(Exchange& exchange, const std::optional<T>& value, auto output)
    {
        if (!value) return;
        output.SetPresent();
        Codec<T>::Build(exchange, *value, output);
    }
    static std::optional<T> Read(Exchange& exchange, auto input)
    {
        if (!input.IsPresent()) return std::nullopt;
        return Codec<T>::Read(exchange, input);
    }
};

} // namespace mpfuzz::fuzz_interface::native
