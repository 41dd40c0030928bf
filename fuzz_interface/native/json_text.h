// JSON values as text.
#pragma once

#include <fuzz_interface/interface/values.h>

#include <string>
#include <string_view>

namespace mpfuzz::fuzz_interface::native {

//! How deep arrays and objects may nest: what Bitcoin Core's UniValue reads. To copy, compare or print a deeper value
//! takes a call for each level.
inline constexpr int MAX_JSON_DEPTH{512};

//! Throws std::runtime_error where the text is no JSON, or too deep.
fuzz_interface::Json ParseJson(std::string_view text);

//! Throws std::runtime_error where a string is no UTF-8.
std::string PrintJson(const fuzz_interface::Json& json);

} // namespace mpfuzz::fuzz_interface::native
