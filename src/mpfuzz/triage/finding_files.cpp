#include <mpfuzz/triage/finding_files.h>

#include <mpfuzz/observe/normalize.h>
#include <mpfuzz/observe/title.h>

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
    // An ordered_json, so that the most important members come first.
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
    // nlohmann::json reports missing members and wrong types only by exceptions.
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

std::string ShellQuote(std::string_view word)
{
    constexpr std::string_view PLAIN{"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%"};
    if (!word.empty() && word.find_first_not_of(PLAIN) == std::string_view::npos) return std::string{word};
    std::string quoted{"'"};
    for (const char c : word) {
        if (c == '\'')
            quoted += "'\\''";
        else
            quoted += c;
    }
    return quoted + "'";
}

std::string ReproduceScript(const Record& record)
{
    std::string extra;
    for (const std::string& argument : record.extra_arguments) extra += " " + ShellQuote(argument);
    if (!extra.empty()) extra = " --" + extra;

    std::string script{"#!/bin/sh\n"};
    // The target influences the text of a title. OneLine() keeps it on the comment line, so that it cannot become a
    // command.
    script +=
        "# " + observe::OneLine(record.identity.kind + ": " + record.identity.title, 2 * observe::MAX_TITLE) + "\n";
    const bool two{!record.other_toml.empty()};
    const std::string_view command{two ? "diff" : record.driver.empty() ? "replay" : "run"};
    script += "# Usage: reproduce.sh [TARGET.toml [OPTION of mpfuzz " + std::string{command} +
              "]...]; MPFUZZ names the mpfuzz program.\n";
    script += "# Exits with 1 if the finding shows again, with 0 if it does not.\n";
    script += "here=$(dirname \"$0\")\n";
    script += "target=" + ShellQuote(record.target_toml) + "\n";
    script += "if [ $# -gt 0 ]; then target=$1; shift; fi\n";
    if (!record.driver.empty()) {
        script += "exec \"${MPFUZZ:-mpfuzz}\" run \"$target\" --driver " + ShellQuote(record.driver) + " --seed " +
                  std::to_string(record.seed) + " --runs 1 --out \"$(mktemp -d)\" \"$@\"" + extra + "\n";
        return script;
    }
    script += "program=$here/program.mpf\n";
    script += "if [ -f \"$here/minimal.mpf\" ]; then program=$here/minimal.mpf; fi\n";
    script += "exec \"${MPFUZZ:-mpfuzz}\" " + std::string{command} + " \"$target\" ";
    script += two ? ShellQuote(record.other_toml) + " --program \"$program\"" : "\"$program\"";
    script += " \"$@\"" + extra + "\n";
    return script;
}

} // namespace mpfuzz::triage
