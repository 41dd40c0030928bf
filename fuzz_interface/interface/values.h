// The values that the fuzz interface passes besides those of the standard library.
#pragma once

#include <domains/bitcoin/transaction.h>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace mpfuzz::fuzz_interface {

//! On the wire its number, as Int32. There is no fourth: a number that names none is an error, not a colour.
enum class Colour : uint8_t { RED, GREEN, BLUE };
inline constexpr int COLOURS{3};

//! Null where there is none; as Bitcoin Core passes its transactions around. On the wire the form with witnesses,
//! and no bytes for null.
using TransactionRef = std::shared_ptr<const domains::bitcoin::Transaction>;

//! A JSON value, on the wire its text. In a type of its own, since nlohmann::json converts from and to nearly
//! everything.
struct Json {
    nlohmann::json value;
    bool operator==(const Json&) const = default;
};

//! In the manner of Bitcoin Core's ArgsManager.
struct Settings {
    std::map<std::string, Json> forced;
    std::map<std::string, std::vector<Json>> command_line;
    bool operator==(const Settings&) const = default;
};

//! What FuzzInterface::raise throws; no std::exception.
struct FuzzError {
    int32_t code{0};
    std::string message;
    bool operator==(const FuzzError&) const = default;
};

} // namespace mpfuzz::fuzz_interface
