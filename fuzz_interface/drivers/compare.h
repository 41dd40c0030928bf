// Checks that a call through a binding had the same outcome as the reference implementation (interface/transform.h),
// and describes the difference if not.
#pragma once

#include <fuzz_interface/interface/interface.h>

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstdint>
#include <exception>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace mpfuzz::fuzz_interface {

//! What a driver reports if it finds an error: a readable text, with the calls before it. The first line is the same
//! for all failures with the same cause.
struct Failure {
    std::string text;
};

// Show: a value as text. The text is lossless: one can write the same value in C++ from it.

std::string Show(bool value);
std::string Show(double value); //!< the bits in hexadecimal, then the number
std::string Show(Colour value); //!< as a number
std::string Show(const std::string& value);
std::string Show(const Bytes& value);
std::string Show(const FeeRate& value);
std::string Show(const OutPoint& value);
std::string Show(const Script& value);
std::string Show(const TransactionRef& value); //!< serialised with witnesses, in hexadecimal
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

// Containers may hold containers, so these are declared before the definitions that use them.
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

// Identical: bitwise equality. A NaN equals itself, and 0.0 differs from -0.0. For types that have no overload here, it
// is `==`.

inline bool Identical(double a, double b) { return std::bit_cast<uint64_t>(a) == std::bit_cast<uint64_t>(b); }

inline bool Identical(const TransactionRef& a, const TransactionRef& b) { return a && b ? *a == *b : a == b; }

//! Integers are compared by value, signed or unsigned: JSON text does not distinguish them.
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

//! An exception that a call has thrown, or should throw.
struct Thrown {
    enum class Kind { TYPED, STANDARD, OTHER }; //!< a FuzzError, a std::exception, any other type
    Kind kind;
    FuzzError error{};        //!< for STANDARD only the message is set: what()
    bool compare_text{false}; //!< for an expected exception of kind STANDARD: the message has to be the same as well
};

//! How a call ended: it returned a value, or it threw.
template<typename T>
using Outcome = std::variant<T, Thrown>;

//! Runs `call` and catches every exception, of any type.
template<typename Call>
Outcome<std::invoke_result_t<Call>> Try(Call&& call)
{
    try {
        return Outcome<std::invoke_result_t<Call>>{std::in_place_index<0>, call()};
    } catch (const FuzzError& error) {
        return Thrown{.kind = Thrown::Kind::TYPED, .error = error};
    } catch (const std::exception& error) {
        return Thrown{.kind = Thrown::Kind::STANDARD, .error = {.code = 0, .message = error.what()}};
    } catch (...) {
        return Thrown{.kind = Thrown::Kind::OTHER};
    }
}

//! Returns whether an exception is as expected: of the same kind, and for FuzzError with the same code and message.
bool Matches(const Thrown& expected, const Thrown& got);
std::string Show(const Thrown& thrown);

template<typename T>
bool Matches(const Outcome<T>& expected, const Outcome<T>& got)
{
    if (expected.index() != got.index()) return false;
    const T* const value{std::get_if<T>(&expected)};
    return value ? Identical(*value, std::get<T>(got)) : Matches(std::get<Thrown>(expected), std::get<Thrown>(got));
}

//! A call that had a wrong outcome. All values as Show prints them, in full.
struct Mismatch {
    std::string method;
    std::string argument;
    std::string expected;
    std::string got;
};

//! Returns a few lines of text. The first line is the same for every mismatch of a method. A long value is shortened to
//! the part around the first difference between the expected and the actual outcome.
std::string ToText(const Mismatch& mismatch);

//! Returns nullopt if the outcome is as expected.
template<typename Argument, typename T>
std::optional<Mismatch> Compare(std::string_view method, const Argument& argument, const Outcome<T>& expected,
                                const Outcome<T>& got)
{
    if (Matches(expected, got)) return std::nullopt;
    const auto show{[](const auto& outcome) { return Show(outcome); }};
    return Mismatch{.method = std::string{method},
                    .argument = Show(argument),
                    .expected = std::visit(show, expected),
                    .got = std::visit(show, got)};
}

} // namespace mpfuzz::fuzz_interface
