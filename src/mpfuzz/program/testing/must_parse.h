#pragma once

#include <mpfuzz/base/check.h>
#include <mpfuzz/program/parse.h>

#include <string_view>
#include <utility>

//! For tests only.
namespace mpfuzz::program {

//! Parse a program. If the text is not valid, CHECK fails with the error.
inline Program MustParse(const schema::Schema& schema, std::string_view text)
{
    auto parsed{Parse(schema, text)};
    CHECK(parsed, text, parsed ? "" : parsed.GetError().message);
    return std::move(*parsed);
}

} // namespace mpfuzz::program
