// Random values of every type that FuzzInterface passes.
#pragma once

#include <fuzz_interface/drivers/choices.h>
#include <fuzz_interface/interface/interface.h>

#include <map>
#include <utility>

namespace mpfuzz::fuzz_interface {

// Any value. Those that often cause errors are more likely: the limits of the type and their neighbours, powers of two,
// negative zero, denormals, infinities, and NaNs with a payload.
void Fill(Choices& choices, bool& value);
void Fill(Choices& choices, int32_t& value);
void Fill(Choices& choices, uint32_t& value);
void Fill(Choices& choices, int64_t& value);
void Fill(Choices& choices, uint64_t& value);
void Fill(Choices& choices, double& value);
//! With probability 1/8 any number, usually not a colour.
void Fill(Choices& choices, Colour& value);

//! Any bytes: none, or short texts of few letters (so that map keys are often equal), NULs, valid and invalid UTF-8.
//! Rarely above 64 kB.
void Fill(Choices& choices, std::string& value);
void Fill(Choices& choices, Bytes& value);

//! With probability 1/4 any length up to MAX_LIST, because bits are packed into words.
void Fill(Choices& choices, std::vector<bool>& value);

void Fill(Choices& choices, FeeRate& value);
//! The txid has 32 bytes.
void Fill(Choices& choices, OutPoint& value);
//! Standard scripts, and any bytes. Lengths at the limits of what Bitcoin allows, and of how it encodes a length.
void Fill(Choices& choices, Script& value);
//! Null, a valid coinbase or spend, an invalid spend, or anything with at least one input: without inputs, what is
//! serialised does not parse as the same transaction.
void Fill(Choices& choices, TransactionRef& value);

//! Every kind of JSON value, numbers at their limits, any Unicode text. Rarely nested up to MAX_JSON_DEPTH levels, or a
//! long array. Floating-point numbers are finite, because JSON has no others.
void Fill(Choices& choices, Json& value);
inline constexpr size_t MAX_JSON_DEPTH{300};
void Fill(Choices& choices, Settings& value);

template<typename T>
T Random(Choices& choices)
{
    T value{};
    Fill(choices, value);
    return value;
}

//! Nearly all lists are shorter than 16. Guess, unmeasured: enough to exceed a small buffer.
inline constexpr size_t MAX_LIST{200};

template<typename T>
void Fill(Choices& choices, std::vector<T>& value)
{
    const size_t size{choices.Length(MAX_LIST)};
    for (size_t i{0}; i < size; ++i) value.push_back(Random<T>(choices));
}

template<typename T>
void FillSet(Choices& choices, T& value)
{
    const size_t size{choices.Length(MAX_LIST)};
    for (size_t i{0}; i < size; ++i) value.insert(Random<typename T::value_type>(choices));
}

template<typename T>
void Fill(Choices& choices, std::set<T>& value)
{
    FillSet(choices, value);
}

template<typename T>
void Fill(Choices& choices, std::unordered_set<T>& value)
{
    FillSet(choices, value);
}

template<typename K, typename V>
void Fill(Choices& choices, std::map<K, V>& value)
{
    const size_t size{choices.Length(MAX_LIST)};
    for (size_t i{0}; i < size; ++i) Fill(choices, value[Random<K>(choices)]);
}

template<typename A, typename B>
void Fill(Choices& choices, std::pair<A, B>& value)
{
    Fill(choices, value.first);
    Fill(choices, value.second);
}

template<typename... T>
void Fill(Choices& choices, std::tuple<T...>& value)
{
    std::apply([&](T&... parts) { (Fill(choices, parts), ...); }, value);
}

template<typename T>
void Fill(Choices& choices, std::optional<T>& value)
{
    if (!choices.OneIn(4)) Fill(choices, value.emplace());
}

template<typename Rep, typename Period>
void Fill(Choices& choices, std::chrono::duration<Rep, Period>& value)
{
    value = std::chrono::duration<Rep, Period>{Random<int64_t>(choices)};
}

template<typename Clock, typename Duration>
void Fill(Choices& choices, std::chrono::time_point<Clock, Duration>& value)
{
    value = std::chrono::time_point<Clock, Duration>{Random<Duration>(choices)};
}

} // namespace mpfuzz::fuzz_interface
