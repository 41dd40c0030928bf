// Weights are guesses, unmeasured.
#include <fuzz_interface/drivers/random_values.h>

#include <nlohmann/json.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <string>

namespace mpfuzz::fuzz_interface {

namespace {

using nlohmann::json;

// The depth of a tree with many branches.
constexpr size_t USUAL_DEPTH{4};
constexpr size_t MAX_WIDTH{2'000};
constexpr size_t MAX_LETTERS{100};

void AppendUtf8(std::string& out, uint32_t code_point)
{
    const auto rest{[&](int shift) { out += static_cast<char>(0x80 | ((code_point >> shift) & 0x3f)); }};
    if (code_point < 0x80) {
        out += static_cast<char>(code_point);
    } else if (code_point < 0x800) {
        out += static_cast<char>(0xc0 | (code_point >> 6));
        rest(0);
    } else if (code_point < 0x10000) {
        out += static_cast<char>(0xe0 | (code_point >> 12));
        rest(6), rest(0);
    } else {
        out += static_cast<char>(0xf0 | (code_point >> 18));
        rest(12), rest(6), rest(0);
    }
}

//! Any Unicode code point, often one at a limit. Never a surrogate, because UTF-8 cannot encode those.
uint32_t CodePoint(Choices& choices)
{
    static constexpr std::array<uint32_t, 16> LIMITS{
        '"', '\\', '/', 0, 0x1f, 0x7f, 0x80, 0x7ff, 0x2028, 0xd7ff, 0xe000, 0xfeff, 0xffff, 0x10000, 0x1f4a9, 0x10ffff};
    switch (choices.Below(4)) {
    case 0: return choices.Pick(LIMITS);
    case 1: {
        const auto code_point{static_cast<uint32_t>(choices.Below(0x110000 - 0x800))};
        return code_point < 0xd800 ? code_point : code_point + 0x800;
    }
    default: return static_cast<uint32_t>('a' + choices.Below(4));
    }
}

std::string Unicode(Choices& choices)
{
    std::string text;
    const size_t size{choices.Length(MAX_LETTERS)};
    for (size_t i{0}; i < size; ++i) AppendUtf8(text, CodePoint(choices));
    return text;
}

double Finite(Choices& choices)
{
    const auto number{Random<double>(choices)};
    return std::isfinite(number) ? number : 0.5;
}

json Leaf(Choices& choices)
{
    switch (choices.Below(6)) {
    case 0: return nullptr;
    case 1: return Random<bool>(choices);
    case 2: return Random<int64_t>(choices);
    case 3: return Random<uint64_t>(choices);
    case 4: return Finite(choices);
    default: return Unicode(choices);
    }
}

json Tree(Choices& choices, size_t depth)
{
    const uint64_t kind{depth == 0 ? 0 : choices.Below(4)};
    if (kind < 2) return Leaf(choices);
    // Fewer elements at deeper levels.
    const size_t size{choices.Length(4 * depth)};
    json value = kind == 2 ? json::array() : json::object();
    for (size_t i{0}; i < size; ++i) {
        if (kind == 2) {
            value.push_back(Tree(choices, depth - 1));
        } else {
            value[Unicode(choices)] = Tree(choices, depth - 1);
        }
    }
    return value;
}

json Deep(Choices& choices)
{
    json value = Leaf(choices);
    const size_t depth{choices.Below(MAX_JSON_DEPTH)};
    const uint64_t pattern{choices.Bits<uint64_t>()};
    for (size_t i{0}; i < depth; ++i) {
        json outer;
        if ((pattern >> (i % 64)) & 1) {
            outer["a"] = std::move(value);
        } else {
            outer.push_back(std::move(value));
        }
        value = std::move(outer);
    }
    return value;
}

json Wide(Choices& choices)
{
    json value = json::array();
    const size_t size{choices.Below(MAX_WIDTH)};
    for (size_t i{0}; i < size; ++i) value.push_back(Leaf(choices));
    return value;
}

} // namespace

void Fill(Choices& choices, Json& value)
{
    const uint64_t kind{choices.Below(128)};
    if (kind == 127) {
        value = Json{Wide(choices)};
    } else if (kind > 120) {
        value = Json{Deep(choices)};
    } else {
        value = Json{Tree(choices, USUAL_DEPTH)};
    }
}

} // namespace mpfuzz::fuzz_interface
