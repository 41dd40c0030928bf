#include <mpfuzz/triage/finding_json.h>

#include <nlohmann/json.hpp>

#include <charconv>
#include <cstdio>

namespace mpfuzz::triage {
namespace {

std::string HashText(uint64_t hash)
{
    char text[17];
    std::snprintf(text, sizeof(text), "%016llx", static_cast<unsigned long long>(hash));
    return text;
}

bool ParseHash(std::string_view text, uint64_t& hash)
{
    const auto [end, error]{std::from_chars(text.data(), text.data() + text.size(), hash, 16)};
    return error == std::errc{} && end == text.data() + text.size();
}

} // namespace

std::string FindingToJson(const StoredFinding& finding)
{
    const Record& record{finding.record};
    // Ordered, so that a person finds first what matters first.
    nlohmann::ordered_json json{
        {"kind", record.identity.kind},
        {"title", record.identity.title},
        {"verdict",
         {{"text", Describe(record.verdict)}, {"hits", record.verdict.hits}, {"tries", record.verdict.tries}}},
        {"occurrences", finding.occurrences},
        {"first_seen", record.time},
        {"last_seen", finding.last_seen},
        {"target", record.target_toml},
        {"extra_arguments", record.extra_arguments},
        {"schema_hash", HashText(record.schema_hash)},
        {"seed", record.seed},
        {"command_line", record.command_line},
        {"mpfuzz_version", record.version},
    };
    if (!record.other_toml.empty()) json["other_target"] = record.other_toml;
    if (!record.driver.empty()) json["driver"] = record.driver;
    return json.dump(/*indent=*/2, /*indent_char=*/' ', /*ensure_ascii=*/false,
                     nlohmann::json::error_handler_t::replace) +
           "\n";
}

base::Result<StoredFinding> FindingFromJson(std::string_view text)
{
    // The library tells what is missing or mistyped by exceptions only.
    try {
        const auto json = nlohmann::json::parse(text);
        StoredFinding finding;
        Record& record{finding.record};
        json.at("kind").get_to(record.identity.kind);
        json.at("title").get_to(record.identity.title);
        json.at("verdict").at("hits").get_to(record.verdict.hits);
        json.at("verdict").at("tries").get_to(record.verdict.tries);
        json.at("occurrences").get_to(finding.occurrences);
        json.at("first_seen").get_to(record.time);
        json.at("last_seen").get_to(finding.last_seen);
        json.at("target").get_to(record.target_toml);
        if (json.contains("other_target")) json.at("other_target").get_to(record.other_toml);
        if (json.contains("driver")) json.at("driver").get_to(record.driver);
        json.at("extra_arguments").get_to(record.extra_arguments);
        json.at("seed").get_to(record.seed);
        json.at("command_line").get_to(record.command_line);
        json.at("mpfuzz_version").get_to(record.version);
        if (!ParseHash(json.at("schema_hash").get<std::string>(), record.schema_hash)) {
            return base::Error{"schema_hash is not 16 hexadecimal digits"};
        }
        return finding;
    } catch (const nlohmann::json::exception& error) {
        return base::Error{error.what()};
    }
}

} // namespace mpfuzz::triage
