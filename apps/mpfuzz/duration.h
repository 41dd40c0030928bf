#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace mpfuzz::apps {

//! `500ms`, `30s`, `10m`, `2h`; a bare number is seconds. Nothing where it is none of these.
std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text);

} // namespace mpfuzz::apps
