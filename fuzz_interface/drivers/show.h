// Text for what FuzzInterface passes: lossless, so that a value can be made again from it by hand.
#pragma once

#include <fuzz_interface/interface/interface.h>

#include <algorithm>
#include <concepts>
#include <string>
#include <string_view>

namespace mpfuzz::fuzz_interface {

std::string Show(bool value);
std::string Show(double value); //!< its bits, and what they stand for
std::string Show(Colour value); //!< its number
std::string Show(const std::string& value);
std::string Show(const Bytes& value);
std::string Show(const FeeRate& value);
std::string Show(const OutPoint& value);
std::string Show(const Script& value);
std::string Show(const TransactionRef& value); //!< its serialisation with witnesses
std::string Show(const Json& value);
std::string Show(const Settings& value);

template<std::integral T>
std::string Show(T value)
{
    return std::to_string(value);
}

template<typename Rep, typename Period>
std::string Show(const std::chrono::duration<Rep, Period>& value)
{
    return std::to_string(value.count());
}

template<typename Clock, typename Duration>
std::string Show(const std::chrono::time_point<Clock, Duration>& value)
{
    return Show(value.time_since_epoch());
}

// Containers hold containers: known before any of them is shown.
template<typename T>
std::string Show(const std::vector<T>& value);
template<typename A, typename B>
std::string Show(const std::pair<A, B>& value);

template<typename Range>
std::string ShowRange(const Range& range)
{
    std::string text;
    for (const auto& value : range) text += (text.empty() ? "" : ", ") + Show(value);
    return "[" + text + "]";
}

template<typename T>
std::string Show(const std::vector<T>& value)
{
    return ShowRange(value);
}

template<typename... T>
std::string Show(const std::tuple<T...>& value)
{
    std::string text;
    std::apply([&](const T&... parts) { ((text += (text.empty() ? "" : ", ") + Show(parts)), ...); }, value);
    return "(" + text + ")";
}

template<typename A, typename B>
std::string Show(const std::pair<A, B>& value)
{
    return "(" + Show(value.first) + ", " + Show(value.second) + ")";
}

template<typename T>
std::string Show(const std::set<T>& value)
{
    return ShowRange(value);
}

//! Sorted.
template<typename T>
std::string Show(const std::unordered_set<T>& value)
{
    return Show(std::set<T>(value.begin(), value.end()));
}

template<typename K, typename V>
std::string Show(const std::map<K, V>& value)
{
    return ShowRange(value);
}

template<typename T>
std::string Show(const std::optional<T>& value)
{
    return value ? Show(*value) : "absent";
}

} // namespace mpfuzz::fuzz_interface
