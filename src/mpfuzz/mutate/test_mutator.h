#pragma once

#include <mpfuzz/mutate/mutate.h>
#include <mpfuzz/mutate/mutators.h>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

//! What the tests of this folder share. Not part of the library.
namespace mpfuzz::mutate {

//! What testdata/shop.capnp declares.
const schema::Schema& ShopSchema();

//! Shop is the main interface; Shop.wait may block, Shop.forbidden is denied.
generate::Rules ShopRules();

//! A program that is valid and canonical; CHECK fails with the error where it is not.
program::Program MustParse(std::string_view text);
std::string Print(const program::Program& program);

//! `c0 = connect`, `shop0 = c0.bootstrap Shop`, and these lines.
std::string Shop(std::string_view lines);

//! Programs of a generator.
std::vector<program::Program> GeneratePrograms(const generate::Rules& rules, uint64_t seed, size_t count);

using Apply = bool (*)(program::Program&, Context&);

//! Runs mutators alone. Members may be set before.
struct Bench {
    generate::Rules rules{ShopRules()};
    std::span<const domain::Domain> domains;
    std::string other; //!< text of the second program; empty for none
    Hints hints;
    Comparisons comparisons;

    //! Whether `apply` makes `to` out of `from` within so many tries, each with a seed of its own. Every result
    //! must be valid, and false must leave the program as it was.
    bool Reaches(Apply apply, std::string_view from, std::string_view to, size_t tries = 3'000) const;

    //! The distinct results of so many tries, as text.
    std::vector<std::string> Results(Apply apply, std::string_view from, size_t tries = 1'000) const;
};

} // namespace mpfuzz::mutate
