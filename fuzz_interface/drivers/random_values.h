// A generator for every type of value that FuzzInterface passes.
#pragma once

#include <fuzz_interface/drivers/choices.h>
#include <fuzz_interface/interface/interface.h>

#include <utility>

namespace mpfuzz::fuzz_interface {

// Any value; those that hurt are likelier: bounds and their neighbours, powers of two, zeros with a sign, denormals,
// infinities, NaNs with a payload.
void Fill(Choices& choices, bool& value);
void Fill(Choices& choices, int32_t& value);
void Fill(Choices& choices, uint32_t& value);
void Fill(Choices& choices, int64_t& value);
void Fill(Choices& choices, uint64_t& value);
void Fill(Choices& choices, double& value);
//! One in eight is no colour.
void Fill(Choices& choices, Colour& value);

//! Any bytes: empty, few different ones (so that keys collide), NULs, UTF-8 and what is none; rarely more than 64 kB.
void Fill(Choices& choices, std::string& value);
void Fill(Choices& choices, Bytes& value);

//! One in four of any length up to MAX_LIST: they are packed, into words.
void Fill(Choices& choices, std::vector<bool>& value);

void Fill(Choices& choices, FeeRate& value);
//! The txid has 32 bytes.
void Fill(Choices& choices, OutPoint& value);
//! Standard ones, and any bytes; of lengths at the bounds of what Bitcoin allows and of how it writes a length.
void Fill(Choices& choices, Script& value);
//! Null, a valid coinbase or spend, one with a fault, or anything with at least one input: without one there is no
//! serialisation that parses as the same.
void Fill(Choices& choices, TransactionRef& value);

//! Every kind of JSON value, numbers at the bounds, any Unicode text; rarely up to MAX_JSON_DEPTH levels, or wide.
//! Floating point is finite, as JSON's is.
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

//! Guess: enough to outgrow any small buffer. Of nearly all lists, the length is below 16.
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
