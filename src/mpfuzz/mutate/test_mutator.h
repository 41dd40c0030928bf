#pragma once

#include <mpfuzz/mutate/mutate.h>
#include <mpfuzz/mutate/mutators.h>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

//! Functions that the tests in this folder share. Not part of the library.
namespace mpfuzz::mutate {

//! The schema in testdata/shop.capnp.
const schema::Schema& ShopSchema();

//! Rules with Shop as the main interface. Shop.wait may block, and Shop.forbidden is denied.
program::TargetRules ShopRules();

//! Parses a program of that schema. CHECK fails with the error if it is not valid.
program::Program MustParse(std::string_view text);
std::string Print(const program::Program& program);
//! The text as Print() writes it, such as `wait0 = shop0.wait()` for `shop0.wait()`.
std::string Canonical(std::string_view text);

//! The text of a program: `c0 = connect`, `shop0 = c0.bootstrap Shop`, and these lines.
std::string Shop(std::string_view lines);

//! The text of a program that calls Shop.enter and then Cart.add with these arguments.
std::string Add(std::string_view arguments);

//! Programs that a new generator makes.
std::vector<program::Program> GeneratePrograms(const program::TargetRules& rules, uint64_t seed, size_t count);

using Apply = bool (*)(program::Program&, Context&);

//! Applies one mutator to a program. Set the members before you call the functions.
struct MutatorTester {
    program::TargetRules rules{ShopRules()};
    std::span<const domain::Domain> domains;
    std::string other; //!< text of the second program; empty for none
    Hints hints;
    Comparisons comparisons;

    //! True if `apply` changes `from` to `to` in one of `tries` tries, each with another seed. CHECK fails if a result
    //! is not valid, or if the mutator returns false although it changed the program.
    bool Reaches(Apply apply, std::string_view from, std::string_view to, size_t tries = 3'000) const;

    //! The distinct results of `tries` tries, as sorted texts. CHECK fails as in Reaches().
    std::vector<std::string> Results(Apply apply, std::string_view from, size_t tries = 1'000) const;
};

} // namespace mpfuzz::mutate
