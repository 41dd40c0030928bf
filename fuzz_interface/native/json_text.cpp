#include <fuzz_interface/native/json_text.h>

#include <stdexcept>

namespace mpfuzz::fuzz_interface::native {

fuzz_interface::Json ParseJson(std::string_view text)
{
    using Event = nlohmann::json::parse_event_t;
    const auto check_depth{[](int depth, Event event, const nlohmann::json&) {
        const bool opens{event == Event::array_start || event == Event::object_start};
        if (opens && depth >= MAX_JSON_DEPTH) throw std::runtime_error{"JSON that is too deep"};
        return true;
    }};
    fuzz_interface::Json json{nlohmann::json::parse(text, check_depth, /*allow_exceptions=*/false)};
    if (json.value.is_discarded()) throw std::runtime_error{"text that is no JSON"};
    return json;
}

std::string PrintJson(const fuzz_interface::Json& json)
{
    try {
        return json.value.dump();
    } catch (const nlohmann::json::exception&) {
        throw std::runtime_error{"JSON with a string that is no UTF-8"};
    }
}

} // namespace mpfuzz::fuzz_interface::native
