#include <fuzz_interface/drivers/show.h>

#include <domains/bitcoin/transaction.h>

#include <mpfuzz/base/text.h>

#include <nlohmann/json.hpp>

#include <bit>
#include <cinttypes>
#include <cstdio>

namespace mpfuzz::fuzz_interface {

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

} // namespace mpfuzz::fuzz_interface
