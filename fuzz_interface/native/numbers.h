// Numbers, and what is one on the wire.
#pragma once

#include <fuzz_interface/interface/interface.h>
#include <fuzz_interface/native/exchange.h>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <stdexcept>
#include <type_traits>

namespace mpfuzz::fuzz_interface::native {

template<typename T>
requires std::is_arithmetic_v<T>
struct Codec<T> {
    static void Build(Exchange&, T value, auto output) { output.Set(value); }
    static T Read(Exchange&, auto input)
    {
        static_assert(std::same_as<decltype(input.Get()), T>, "the schema says another type");
        return input.Get();
    }
};

template<>
struct Codec<fuzz_interface::Colour> {
    static void Build(Exchange&, fuzz_interface::Colour value, auto output) { output.Set(static_cast<int32_t>(value)); }
    static fuzz_interface::Colour Read(Exchange&, auto input)
    {
        const int32_t number{input.Get()};
        if (number < 0 || number >= fuzz_interface::COLOURS) throw std::runtime_error{"a number that names no colour"};
        return static_cast<fuzz_interface::Colour>(number);
    }
};

template<typename Period>
struct Codec<std::chrono::duration<int64_t, Period>> {
    using Duration = std::chrono::duration<int64_t, Period>;
    static void Build(Exchange&, Duration value, auto output) { output.Set(value.count()); }
    static Duration Read(Exchange&, auto input) { return Duration{input.Get()}; }
};

template<>
struct Codec<fuzz_interface::TimePoint> {
    using TimePoint = fuzz_interface::TimePoint;
    static void Build(Exchange&, TimePoint value, auto output) { output.Set(value.time_since_epoch().count()); }
    static TimePoint Read(Exchange&, auto input) { return TimePoint{TimePoint::duration{input.Get()}}; }
};

} // namespace mpfuzz::fuzz_interface::native
