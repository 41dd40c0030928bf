#include <mpfuzz/triage/finding_files.h>

#include <mpfuzz/observe/normalize.h>
#include <mpfuzz/observe/title.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

namespace mpfuzz::triage {
namespace {

//! By Stage.
constexpr std::array<std::string_view, 5> STAGES{"waiting", "searching", "minimizing", "done", "parked"};

//! Text from the target may contain any bytes, and JSON has to be UTF-8.
std::string Dump(const nlohmann::ordered_json& json)
{
    return json.dump(/*indent=*/2, /*indent_char=*/' ', /*ensure_ascii=*/false,
                     nlohmann::json::error_handler_t::replace) +
           "\n";
}

//! Parses JSON. Deep nesting, which nlohmann::json would follow for minutes, is an error.
nlohmann::json ParseJson(std::string_view text)
{
    constexpr int MAX_DEPTH{16};
    return nlohmann::json::parse(text, [](int depth, nlohmann::json::parse_event_t, const nlohmann::json&) {
        if (depth > MAX_DEPTH) throw nlohmann::json::other_error::create(501, "too many levels", nullptr);
        return true;
    });
}

bool ParseHash(std::string_view text, uint64_t& hash)
{
    const auto [end, error]{std::from_chars(text.data(), text.data() + text.size(), hash, 16)};
    return error == std::errc{} && end == text.data() + text.size();
}

} // namespace

std::string HashText(uint64_t hash)
{
    char text[17];
    std::snprintf(text, sizeof(text), "%016llx", static_cast<unsigned long long>(hash));
    return text;
}

std::string_view Name(Stage stage) { return STAGES.at(static_cast<size_t>(stage)); }

std::string WitnessToJson(const Witness& witness)
{
    return Dump({{"program", witness.program}, {"history", witness.history}, {"selections", witness.selections}});
}

base::Result<Witness> WitnessFromJson(std::string_view text)
{
    try {
        const auto json = ParseJson(text);
        Witness witness;
        json.at("program").get_to(witness.program);
        json.at("history").get_to(witness.history);
        json.at("selections").get_to(witness.selections);
        return witness;
    } catch (const nlohmann::json::exception& error) {
        return base::Error{error.what()};
    }
}

std::string FindingToJson(const StoredFinding& finding)
{
    const Record& record{finding.record};
    // An ordered_json, so that the most important members come first.
    nlohmann::ordered_json json{
        {"kind", observe::Name(record.identity.kind)},
        {"title", record.identity.title},
        {"verdict",
         {{"text", Describe(record.verdict)}, {"hits", record.verdict.hits}, {"tries", record.verdict.tries}}},
        {"steps", finding.steps},
        {"occurrences", finding.occurrences},
        {"triage",
         {{"stage", Name(finding.stage)},
          {"target_starts", finding.cost.target_starts},
          {"seconds", finding.cost.seconds},
          {"lost_workers", finding.lost_workers}}},
        {"details", record.details},
        {"first_seen", record.time},
        {"last_seen", finding.last_seen},
        {"target", record.target_toml},
        {"extra_arguments", record.extra_arguments},
        {"schema_hash", HashText(record.schema_hash)},
        {"seed", record.seed},
        {"command_line", record.command_line},
        {"environment",
         {{"mpfuzz", record.environment.mpfuzz},
          {"compiler", record.environment.compiler},
          {"os", record.environment.os},
          {"target_build_id", record.environment.target_build_id},
          {"target_version", record.environment.target_version}}},
    };
    if (!record.other_toml.empty()) json["other_target"] = record.other_toml;
    if (!record.driver.empty()) json["driver"] = record.driver;
    return Dump(json);
}

base::Result<StoredFinding> FindingFromJson(std::string_view text)
{
    // nlohmann::json reports missing members and wrong types only by exceptions.
    try {
        const auto json = ParseJson(text);
        StoredFinding finding;
        Record& record{finding.record};
        const auto kind{observe::FindingKindOf(json.at("kind").get<std::string>())};
        if (!kind) return base::Error{"there is no kind of findings with this name: " + json.at("kind").dump()};
        record.identity.kind = *kind;
        json.at("title").get_to(record.identity.title);
        json.at("verdict").at("hits").get_to(record.verdict.hits);
        json.at("verdict").at("tries").get_to(record.verdict.tries);
        json.at("occurrences").get_to(finding.occurrences);
        // Earlier versions did not write these.
        const auto triage = json.value("triage", nlohmann::json::object());
        const auto stage{std::ranges::find(STAGES, triage.value("stage", std::string{Name(Stage::DONE)}))};
        if (stage == STAGES.end()) return base::Error{"there is no stage " + triage.at("stage").dump()};
        finding.stage = static_cast<Stage>(stage - STAGES.begin());
        finding.cost = {triage.value("target_starts", uint64_t{0}), triage.value("seconds", 0.0)};
        finding.lost_workers = triage.value("lost_workers", 0U);
        finding.steps = json.value("steps", size_t{0});
        record.details = json.value("details", "");
        json.at("first_seen").get_to(record.time);
        json.at("last_seen").get_to(finding.last_seen);
        json.at("target").get_to(record.target_toml);
        if (json.contains("other_target")) json.at("other_target").get_to(record.other_toml);
        if (json.contains("driver")) json.at("driver").get_to(record.driver);
        json.at("extra_arguments").get_to(record.extra_arguments);
        json.at("seed").get_to(record.seed);
        json.at("command_line").get_to(record.command_line);
        const auto environment = json.value("environment", nlohmann::json::object());
        record.environment = {environment.value("mpfuzz", ""), environment.value("compiler", ""),
                              environment.value("os", ""), environment.value("target_build_id", ""),
                              environment.value("target_version", "")};
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

std::string ReproduceCommand(const Record& record)
{
    std::string command{"mpfuzz "};
    const std::string target{ShellQuote(record.target_toml)};
    const std::string program{record.minimal ? "minimal.mpf" : "program.mpf"};
    if (!record.driver.empty()) {
        command += "run " + target + " --driver " + ShellQuote(record.driver) + " --seed " +
                   std::to_string(record.seed) + " --runs 1";
    } else if (!record.other_toml.empty()) {
        command += "diff " + target + " " + ShellQuote(record.other_toml) + " --program " + program;
    } else {
        command += "replay " + target + " " + program;
    }
    if (!record.extra_arguments.empty()) command += " --";
    for (const std::string& word : record.extra_arguments) command += " " + ShellQuote(word);
    return command;
}

std::string ReproduceScript(const Record& record)
{
    std::string extra;
    for (const std::string& argument : record.extra_arguments) extra += " " + ShellQuote(argument);
    if (!extra.empty()) extra = " --" + extra;

    const bool two{!record.other_toml.empty()}, has_program{record.driver.empty()};
    const std::string command{two ? "diff" : has_program ? "replay" : "run"};
    std::string files{"\"$target\""}, words{"\"$target\""};
    if (two) {
        files += " " + ShellQuote(record.other_toml);
        words += " " + ShellQuote(record.other_toml) + " --program";
    }
    if (has_program) {
        files += " \"$program\"";
        words += " \"$program\"";
        if (!two) words += " --expect " + ShellQuote(Describe(record.identity));
    } else {
        words += " --driver " + ShellQuote(record.driver) + " --seed " + std::to_string(record.seed) +
                 " --runs 1 --out \"$out\"";
    }

    std::string script{"#!/bin/sh\n"};
    // The target influences the text of a title. OneLine() keeps it on the comment line, so that it cannot become a
    // command.
    script += "# " + observe::OneLine(Describe(record.identity), 2 * observe::MAX_TITLE) + "\n";
    script +=
        "# Usage: reproduce.sh [TARGET.toml [OPTION of mpfuzz " + command +
        "]...]; MPFUZZ names the mpfuzz program.\n"
        "# Exits with 1 if the finding shows again, with 0 if it does not, and with 125 if that cannot be tried,\n"
        "# for example because another finding appears instead.\n"
        "# So `git bisect run` can use it.\n"
        "target=" +
        ShellQuote(record.target_toml) +
        "\n"
        "if [ $# -gt 0 ]; then target=$1; shift; fi\n";
    if (has_program) {
        script += "program=$(dirname \"$0\")/minimal.mpf\n"
                  "[ -e \"$program\" ] || program=$(dirname \"$0\")/program.mpf\n";
    } else {
        script += "out=$(mktemp -d) || exit 125\n";
    }
    script += "for file in " + files +
              "; do\n"
              "    [ -e \"$file\" ] || { echo \"reproduce.sh: there is no $file\" >&2; exit 125; }\n"
              "done\n"
              "\"${MPFUZZ:-mpfuzz}\" " +
              command + " " + words + " \"$@\"" + extra +
              "\n"
              "status=$?\n"
              "# Other statuses mean that mpfuzz is missing, cannot start the target, failed, or saw other findings.\n"
              "[ $status -le 1 ] || status=125\n"
              "exit $status\n";
    return script;
}

} // namespace mpfuzz::triage
