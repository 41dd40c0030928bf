// Text and bytes. Text may hold any byte.
#pragma once

#include <fuzz_interface/interface/interface.h>
#include <fuzz_interface/native/exchange.h>

#include <algorithm>
#include <string>

namespace mpfuzz::fuzz_interface::native {

//! Write bytes into Text or Data.
void PutBytes(const auto& bytes, auto output) { std::ranges::copy(bytes, output.Init(bytes.size()).begin()); }

template<>
struct Codec<std::string> {
    static void Build(Exchange&, const std::string& value, auto output) { PutBytes(value, output); }
    static std::string Read(Exchange&, auto input)
    {
        const auto text{input.Get()};
        return {text.begin(), text.end()};
    }
};

template<>
struct Codec<fuzz_interface::Bytes> {
    static void Build(Exchange&, const fuzz_interface::Bytes& value, auto output) { PutBytes(value, output); }
    static fuzz_interface::Bytes Read(Exchange&, auto input)
    {
        const auto data{input.Get()};
        return {data.begin(), data.end()};
    }
};

} // namespace mpfuzz::fuzz_interface::native
