// The planted bug `json-truncated`: what can be read of a text that is not valid JSON.
#pragma once

#include <nlohmann/json.hpp>

#include <string>

namespace mpfuzz::model_node::planted {

//! The object that `text` begins with, as far as its members were complete when reading failed; null if it begins with
//! something else. Values nested deeper than any request's are left out.
inline nlohmann::json ReadablePart(const std::string& text)
{
    constexpr int MAX_DEPTH{100};
    using Event = nlohmann::json::parse_event_t;
    nlohmann::json part;
    std::string key;
    const auto take{[&](int depth, Event event, const nlohmann::json& parsed) {
        const bool is_complete{event == Event::value || event == Event::object_end || event == Event::array_end};
        if (depth == 0 && event == Event::object_start) part = nlohmann::json::object();
        if (depth == 1 && event == Event::key) key = parsed.get<std::string>();
        if (depth == 1 && is_complete && part.is_object()) part[key] = parsed;
        return depth < MAX_DEPTH;
    }};
    [[maybe_unused]] const nlohmann::json failed = nlohmann::json::parse(text, take, /*allow_exceptions=*/false);
    return part;
}

} // namespace mpfuzz::model_node::planted
