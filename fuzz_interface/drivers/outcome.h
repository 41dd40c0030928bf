// What came of a call: a value, or what it threw.
#pragma once

#include <fuzz_interface/drivers/identical.h>
#include <fuzz_interface/drivers/mismatch.h>
#include <fuzz_interface/drivers/show.h>

#include <exception>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace mpfuzz::fuzz_interface {

struct Thrown {
    enum class Kind { TYPED, STANDARD, OTHER }; //!< FuzzError, std::exception, neither
    Kind kind;
    FuzzError error{};       //!< message: that of a std::exception, too
    bool words_count{false}; //!< of what is expected: whether a std::exception must have the same message
};

template<typename T>
using Outcome = std::variant<T, Thrown>;

//! Whatever is thrown: a driver lives on.
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

bool Matches(const Thrown& expected, const Thrown& got);
std::string Show(const Thrown& thrown);

template<typename T>
bool Matches(const Outcome<T>& expected, const Outcome<T>& got)
{
    if (expected.index() != got.index()) return false;
    const T* const value{std::get_if<T>(&expected)};
    return value ? Identical(*value, std::get<T>(got)) : Matches(std::get<Thrown>(expected), std::get<Thrown>(got));
}

//! Nothing where the call did what it should.
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
