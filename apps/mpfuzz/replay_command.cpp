#include <apps/common/wiring.h>
#include <apps/mpfuzz/campaign_setup.h>
#include <apps/mpfuzz/command.h>
#include <mpfuzz/engine/harness.h>
#include <mpfuzz/program/print.h>
#include <mpfuzz/triage/store.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <system_error>
#include <utility>

namespace mpfuzz::apps {
namespace {

//! The program to replay, and the command line of its target.
struct Recipe {
    std::string path;
    std::vector<std::string> extra;
    std::optional<observe::Identity> identity; //!< if it is the program of a stored finding
};

//! The error if a directory is not that of a finding.
base::Error NoFinding(const std::string& directory)
{
    constexpr size_t MAX_SHOWN{10};
    std::string message{directory + ": has no finding.json, so it is not the directory of a finding"};
    auto findings{triage::List(directory)};
    if (findings.empty()) findings = triage::List(directory + "/findings");
    if (!findings.empty()) message += "; name one of these:";
    for (size_t i{0}; i < std::min(findings.size(), MAX_SHOWN); ++i) message += "\n    " + QuoteWord(findings[i]);
    if (findings.size() > MAX_SHOWN) message += "\n    and " + std::to_string(findings.size() - MAX_SHOWN) + " more";
    return {message};
}

base::Result<Recipe> ReadRecipe(const ReplayOptions& options, const std::vector<std::string>& extra)
{
    const std::string& path{options.program};
    std::error_code ignored;
    if (!triage::IsFinding(path)) {
        if (std::filesystem::is_directory(path, ignored)) return NoFinding(path);
        return Recipe{path, extra, std::nullopt};
    }
    const auto finding{triage::Load(path)};
    if (!finding) return finding.GetError();
    if (!finding->record.driver.empty()) {
        return base::Error{path + ": a driver found this, not a program. To reproduce it: mpfuzz run " +
                           QuoteWord(options.target) + " --driver " + QuoteWord(finding->record.driver) + " --seed " +
                           std::to_string(finding->record.seed) + " --runs 1"};
    }
    if (finding->record.identity.kind == observe::FindingKind::DIFFERENTIAL) {
        return base::Error{path +
                           ": this is a difference between two targets; to replay it, run mpfuzz diff FIRST "
                           "SECOND --program " +
                           path};
    }
    auto words{TargetWords(finding->record, extra, options.trust)};
    if (!words) return base::Error{path + ": " + words.GetError().message};
    return Recipe{finding->SmallestProgramPath(), std::move(*words), finding->record.identity};
}

//! A finding in the replays.
struct Seen {
    int hits{0};
    std::string details{}; //!< of the latest run that showed it
};

std::string Tries(int times) { return std::to_string(times) + (times == 1 ? " try" : " tries"); }

//! @param times  Number of runs.
int Report(const std::map<observe::Identity, Seen>& all, int times, const std::optional<observe::Identity>& expected,
           const std::string& trace, const ReplayOptions& options)
{
    const auto verdict{[&](const Seen& seen) { return triage::Describe({seen.hits, times}); }};
    if (options.json) {
        nlohmann::ordered_json findings = nlohmann::ordered_json::array();
        for (const auto& [key, seen] : all) {
            findings.push_back({{"kind", observe::Name(key.kind)},
                                {"title", key.title},
                                {"details", seen.details},
                                {"hits", seen.hits},
                                {"tries", times},
                                {"verdict", verdict(seen)}});
        }
        nlohmann::ordered_json json{{"tries", times}, {"findings", findings}};
        if (!options.trace.empty()) json["trace"] = trace;
        std::cout << json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    } else {
        if (!options.trace.empty()) std::cout << trace << '\n';
        for (const auto& [key, seen] : all) {
            std::cout << verdict(seen) << " (" << seen.hits << " of " << times << "): " << observe::Describe(key)
                      << '\n';
            if (!seen.details.empty()) std::cout << seen.details << '\n';
        }
        if (expected && !all.contains(*expected)) {
            std::cout << "not seen in " << Tries(times) << ": " << observe::Describe(*expected) << '\n';
        } else if (all.empty()) {
            std::cout << "nothing found in " << Tries(times) << "\n";
        }
    }
    if (all.empty()) return EXIT_NOTHING_FOUND;
    return !expected || all.contains(*expected) ? EXIT_FINDINGS : EXIT_OTHER_FINDINGS;
}

} // namespace

int ReplayCommand(const ReplayOptions& options, const Invocation& invocation)
{
    const auto setup{LoadLiveSetup(options.target)};
    if (!setup) return Complain(setup.GetError().message);
    const auto recipe{ReadRecipe(options, invocation.extra)};
    if (!recipe) return Complain(recipe.GetError().message);
    const auto program{ReadProgram(*setup->schema, recipe->path)};
    if (!program) return Complain(program.GetError().message);

    std::optional<observe::Identity> expected{recipe->identity};
    if (!options.expect.empty()) {
        expected = observe::ParseIdentity(options.expect);
        if (!expected) return Complain("--expect " + QuoteWord(options.expect) + ": not a finding, `KIND: TITLE`");
    }

    const std::atomic<int>& signals{HandleSignals()};
    engine::LiveTarget target{MakeSpec(*setup, recipe->extra)};
    if (const auto supported{target.GetExecutor().Supports(*program)}; !supported) {
        return Complain(recipe->path + ": " + supported.GetError().message);
    }
    engine::Harness harness{*setup->schema, target.GetExecutor(), setup->limits, 0};
    std::map<observe::Identity, Seen> seen;
    std::string trace_text;
    int times{0};
    while (times < options.times && signals == 0) {
        trace::Trace trace;
        const auto findings{harness.RunFresh(*program, engine::Ways::BOTH, &trace)};
        if (!findings) return Complain(findings.GetError().message);
        for (const auto& finding : *findings) {
            Seen& same{seen[finding.identity]};
            ++same.hits;
            same.details = finding.details;
        }
        if (!options.trace.empty() && times == 0) {
            const auto detail{options.trace == "full" ? trace::Detail::FULL : trace::Detail::BRIEF};
            trace_text = trace::Print(*setup->schema, *program, trace, detail);
        }
        ++times;
    }
    return Report(seen, times, expected, trace_text, options);
}

} // namespace mpfuzz::apps
