// The types of values that the fuzz interface passes, besides those of the standard library.
#pragma once

#include <domains/bitcoin/transaction.h>

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mpfuzz::fuzz_interface {

//! On the wire: its number as an Int32. Any other number is an error.
enum class Colour : uint8_t { RED, GREEN, BLUE };
inline constexpr int COLOURS{3};

//! May be null. Bitcoin Core passes its transactions in the same way. On the wire: the serialisation with witnesses,
//! and no bytes for null.
using TransactionRef = std::shared_ptr<const domains::bitcoin::Transaction>;

//! A JSON value. Copies share one tree. On the wire: its text.
//!
//! We do not pass nlohmann::json itself, for two reasons: it converts implicitly from and to nearly every type, and its
//! header is large. A file that looks into the value includes <nlohmann/json.hpp> itself.
class Json
{
public:
    Json() = default; //!< JSON's null
    explicit Json(nlohmann::json value);

    const nlohmann::json& Get() const;

    bool operator==(const Json& other) const;

private:
    std::shared_ptr<const nlohmann::json> m_value; // A null pointer is JSON's null.
};

//! @throw std::runtime_error if the text is not JSON, or if arrays and objects nest deeper than 512 levels: UniValue of
//! Bitcoin Core has the same limit.
Json ParseJson(std::string_view text);

//! What to do with a string that is not UTF-8, which JSON cannot express.
enum class BadUtf8 { THROW, REPLACE };

//! @throw std::runtime_error if a string is not UTF-8 and `bad` is THROW.
std::string PrintJson(const Json& json, BadUtf8 bad);

//! Like the settings in Bitcoin Core's ArgsManager.
struct Settings {
    std::map<std::string, Json> forced;
    std::map<std::string, std::vector<Json>> command_line;
    bool operator==(const Settings&) const = default;
};

//! FuzzInterface::raise throws it. It does not derive from std::exception.
struct FuzzError {
    int32_t code{0};
    std::string message;
    bool operator==(const FuzzError&) const = default;
};

} // namespace mpfuzz::fuzz_interface
