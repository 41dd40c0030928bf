#include <fuzz_interface/interface/values.h>

#include <nlohmann/json.hpp>

#include <stdexcept>
#include <utility>

namespace mpfuzz::fuzz_interface {
namespace {

// The functions that copy, compare and print a value are recursive: each level uses stack.
constexpr int MAX_PARSED_DEPTH{512};

} // namespace

Json::Json(nlohmann::json value) : m_value{std::make_shared<const nlohmann::json>(std::move(value))} {}

const nlohmann::json& Json::Get() const
{
    static const nlohmann::json NOTHING;
    return m_value ? *m_value : NOTHING;
}

bool Json::operator==(const Json& other) const { return Get() == other.Get(); }

Json ParseJson(std::string_view text)
{
    using Event = nlohmann::json::parse_event_t;
    const auto check_depth{[](int depth, Event event, const nlohmann::json&) {
        const bool opens{event == Event::array_start || event == Event::object_start};
        if (opens && depth >= MAX_PARSED_DEPTH) throw std::runtime_error{"the JSON is nested too deep"};
        return true;
    }};
    nlohmann::json value = nlohmann::json::parse(text, check_depth, /*allow_exceptions=*/false);
    if (value.is_discarded()) throw std::runtime_error{"the text is not JSON"};
    return Json{std::move(value)};
}

std::string PrintJson(const Json& json, BadUtf8 bad)
{
    using OnError = nlohmann::json::error_handler_t;
    try {
        return json.Get().dump(/*indent=*/-1, ' ', /*ensure_ascii=*/false,
                               bad == BadUtf8::REPLACE ? OnError::replace : OnError::strict);
    } catch (const nlohmann::json::exception&) {
        throw std::runtime_error{"a string in the JSON is not UTF-8"};
    }
}

} // namespace mpfuzz::fuzz_interface
