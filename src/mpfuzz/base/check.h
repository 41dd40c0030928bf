#pragma once

#include <sstream>
#include <string>
#include <string_view>

namespace mpfuzz::base {

//! Exit status of the process when a CHECK fails: our own bug, never a finding.
inline constexpr int EXIT_OWN_BUG = 3;

//! Print `mpfuzz bug: FILE:LINE: CONDITION (VALUES)` to stderr and leave with EXIT_OWN_BUG.
[[noreturn]] void CheckFailed(std::string_view file, int line, std::string_view condition, std::string_view values);

//! Join values for a CHECK's message, separated by commas.
template<typename... Values>
std::string CheckValues(const Values&... values)
{
    std::ostringstream out;
    std::string_view separator;
    ((out << separator << values, separator = ", "), ...);
    return out.str();
}

} // namespace mpfuzz::base

//! Always on, in every build. Further arguments are printed when the condition is false.
#define CHECK(condition, ...)                                                                                      \
    do {                                                                                                           \
        if (!(condition)) [[unlikely]]                                                                             \
            ::mpfuzz::base::CheckFailed(__FILE__, __LINE__, #condition, ::mpfuzz::base::CheckValues(__VA_ARGS__)); \
    } while (false)
