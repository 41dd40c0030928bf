#include <apps/mpfuzz/duration.h>

#include <charconv>

namespace mpfuzz::apps {

std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text)
{
    uint32_t number{0};
    const auto [end, error]{std::from_chars(text.data(), text.data() + text.size(), number)};
    if (error != std::errc{}) return std::nullopt;
    const std::string_view unit{text.substr(static_cast<size_t>(end - text.data()))};
    const std::chrono::milliseconds::rep count{number};
    if (unit == "ms") return std::chrono::milliseconds{count};
    if (unit == "s" || unit.empty()) return std::chrono::milliseconds{count * 1'000};
    if (unit == "m") return std::chrono::milliseconds{count * 60'000};
    if (unit == "h") return std::chrono::milliseconds{count * 3'600'000};
    return std::nullopt;
}

} // namespace mpfuzz::apps
