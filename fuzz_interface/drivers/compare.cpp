#include <fuzz_interface/drivers/compare.h>

#include <domains/bitcoin/transaction.h>

#include <mpfuzz/base/text.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <bit>
#include <cinttypes>
#include <cstddef>
#include <cstdio>
#include <string_view>

namespace mpfuzz::fuzz_interface {
namespace {

using nlohmann::json;

bool IdenticalJson(const json& a, const json& b)
{
    if (a.is_number_integer() && b.is_number_integer()) return a == b;
    if (a.type() != b.type()) return false;
    if (a.is_number_float()) return Identical(a.get<double>(), b.get<double>());
    if (a.is_array()) {
        return std::ranges::equal(a.get_ref<const json::array_t&>(), b.get_ref<const json::array_t&>(), IdenticalJson);
    }
    if (a.is_object()) {
        return std::ranges::equal(
            a.get_ref<const json::object_t&>(), b.get_ref<const json::object_t&>(),
            [](const auto& x, const auto& y) { return x.first == y.first && IdenticalJson(x.second, y.second); });
    }
    return a == b;
}

constexpr size_t MAX_SHOWN{2'000};
constexpr size_t SHOWN_BEFORE{200};

//! Shortens a long text to the part that begins shortly before `at`.
std::string Shorten(std::string_view text, size_t at)
{
    if (text.size() <= MAX_SHOWN) return std::string{text};
    const size_t begin{at > SHOWN_BEFORE ? at - SHOWN_BEFORE : 0};
    const std::string_view part{text.substr(begin, MAX_SHOWN)};
    return (begin > 0 ? "…" : "") + std::string{part} + (begin + part.size() < text.size() ? "…" : "") + " (" +
           std::to_string(text.size()) + " characters, shown from number " + std::to_string(begin) + " on)";
}

} // namespace

using base::Quote;
using base::ToHex;

std::string Show(bool value) { return value ? "true" : "false"; }

std::string Show(double value)
{
    char text[64];
    std::snprintf(text, sizeof(text), "0x%016" PRIx64 " (%g)", std::bit_cast<uint64_t>(value), value);
    return text;
}

std::string Show(Colour value) { return std::to_string(static_cast<int>(value)); }
std::string Show(const std::string& value) { return Quote(value); }
std::string Show(const Bytes& value) { return Quote(std::string(value.begin(), value.end())); }
std::string Show(const FeeRate& value) { return std::to_string(value.sat_per_kvb) + " sat/kvB"; }
std::string Show(const OutPoint& value) { return ToHex(value.txid) + ":" + std::to_string(value.output); }
std::string Show(const Script& value) { return "script " + ToHex(value.bytes); }

std::string Show(const TransactionRef& value)
{
    if (!value) return "null";
    return "transaction " + ToHex(domains::bitcoin::Serialize(*value, /*with_witness=*/true));
}

std::string Show(const Json& value)
{
    return value.Get().dump(/*indent=*/-1, ' ', /*ensure_ascii=*/true, nlohmann::json::error_handler_t::replace);
}

std::string Show(const Settings& value)
{
    return "forced " + Show(value.forced) + ", command line " + Show(value.command_line);
}

bool Identical(const Json& a, const Json& b) { return IdenticalJson(a.Get(), b.Get()); }

bool Identical(const Settings& a, const Settings& b)
{
    return Identical(a.forced, b.forced) && Identical(a.command_line, b.command_line);
}

bool Matches(const Thrown& expected, const Thrown& got)
{
    if (expected.kind != got.kind) return false;
    const bool exactly{expected.compare_text || expected.kind == Thrown::Kind::TYPED};
    return !exactly || expected.error == got.error;
}

std::string Show(const Thrown& thrown)
{
    switch (thrown.kind) {
    case Thrown::Kind::TYPED:
        return "throw FuzzError " + std::to_string(thrown.error.code) + " " + Show(thrown.error.message);
    case Thrown::Kind::STANDARD: return "throw std::exception " + Show(thrown.error.message);
    case Thrown::Kind::OTHER: break;
    }
    return "throw an exception that is neither a FuzzError nor a std::exception";
}

std::string ToText(const Mismatch& mismatch)
{
    const auto differ{std::ranges::mismatch(mismatch.expected, mismatch.got)};
    const auto at{static_cast<size_t>(differ.in1 - mismatch.expected.begin())};
    return mismatch.method + " had a wrong outcome\n  argument: " + Shorten(mismatch.argument, 0) +
           "\n  expected: " + Shorten(mismatch.expected, at) + "\n  got:      " + Shorten(mismatch.got, at) + "\n";
}

} // namespace mpfuzz::fuzz_interface
