#pragma once

#include <string>
#include <string_view>
#include <type_traits>

namespace mpfuzz::base {

//! Exit status of the process when a CHECK fails: our own bug, never a finding.
inline constexpr int EXIT_OWN_BUG = 3;

//! Prints `mpfuzz bug: FILE:LINE: CONDITION (VALUES)` to stderr and exits with EXIT_OWN_BUG.
[[noreturn]] void CheckFailed(std::string_view file, int line, std::string_view condition, std::string_view values);

//! A value as text: a string is not changed, a bool is 0 or 1, a number is decimal.
template<typename Value>
std::string CheckValue(const Value& value)
{
    if constexpr (std::is_convertible_v<const Value&, std::string_view>) {
        return std::string{std::string_view{value}};
    } else if constexpr (std::is_same_v<Value, char>) {
        return std::string(1, value);
    } else {
        return std::to_string(value);
    }
}

//! The values as text, separated by commas, for the message of a CHECK.
template<typename... Values>
std::string CheckValues(const Values&... values)
{
    std::string text;
    ((text += text.empty() ? CheckValue(values) : ", " + CheckValue(values)), ...);
    return text;
}

} // namespace mpfuzz::base

//! Checks a condition, in release builds too. If it is false, prints it with the further arguments and exits.
#define CHECK(condition, ...)                                                                                      \
    do {                                                                                                           \
        if (!(condition)) [[unlikely]]                                                                             \
            ::mpfuzz::base::CheckFailed(__FILE__, __LINE__, #condition, ::mpfuzz::base::CheckValues(__VA_ARGS__)); \
    } while (false)
