// Equality of what FuzzInterface passes, bit for bit: a NaN is itself, and 0.0 is not -0.0. Of what is not declared
// here, that is `==`.
#pragma once

#include <fuzz_interface/interface/interface.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <tuple>

namespace mpfuzz::fuzz_interface {

inline bool Identical(double a, double b) { return std::bit_cast<uint64_t>(a) == std::bit_cast<uint64_t>(b); }

inline bool Identical(const TransactionRef& a, const TransactionRef& b) { return a && b ? *a == *b : a == b; }

//! Integers count by value, whether signed or not: their text does not tell.
bool Identical(const Json& a, const Json& b);
bool Identical(const Settings& a, const Settings& b);

template<typename T>
bool Identical(const T& a, const T& b)
{
    return a == b;
}

template<typename T>
bool Identical(const std::optional<T>& a, const std::optional<T>& b)
{
    return a && b ? Identical(*a, *b) : a.has_value() == b.has_value();
}

template<typename T>
bool Identical(const std::vector<T>& a, const std::vector<T>& b)
{
    return std::ranges::equal(a, b, [](const T& x, const T& y) { return Identical(x, y); });
}

template<typename K, typename V>
bool Identical(const std::map<K, V>& a, const std::map<K, V>& b)
{
    return std::ranges::equal(
        a, b, [](const auto& x, const auto& y) { return x.first == y.first && Identical(x.second, y.second); });
}

template<typename... T>
bool Identical(const std::tuple<T...>& a, const std::tuple<T...>& b)
{
    return std::apply(
        [&](const T&... of_a) {
            return std::apply([&](const T&... of_b) { return (Identical(of_a, of_b) && ...); }, b);
        },
        a);
}

} // namespace mpfuzz::fuzz_interface
