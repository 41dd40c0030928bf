#include <apps/common/wiring.h>
#include <apps/mpfuzz/command.h>
#include <mpfuzz/engine/harness.h>
#include <mpfuzz/program/print.h>
#include <mpfuzz/triage/store.h>

#include <nlohmann/json.hpp>

#include <filesystem>
#include <iostream>
#include <map>

namespace mpfuzz::apps {
namespace {

//! The program to replay, and the command line of its target.
struct Recipe {
    std::string path;
    std::vector<std::string> extra;
    std::optional<triage::Identity> identity; //!< if it is the program of a stored finding
};

base::Result<Recipe> ReadRecipe(const std::string& path, const std::vector<std::string>& extra)
{
    if (!triage::IsFinding(path)) return Recipe{path, extra, std::nullopt};
    const auto finding{triage::Load(path)};
    if (!finding) return finding.GetError();
    if (!finding->record.driver.empty()) {
        return base::Error{path + ": a driver found this, not a program. To reproduce it, run " + path +
                           "/reproduce.sh"};
    }
    // Start the target as it was when the finding appeared, unless the user asks for another command line.
    return Recipe{finding->SmallestProgramPath(), extra.empty() ? finding->record.extra_arguments : extra,
                  finding->record.identity};
}

int Report(const std::map<std::pair<std::string, std::string>, int>& seen,
           const std::optional<triage::Identity>& identity, const ReplayOptions& options)
{
    const auto verdict{[&](int hits) { return triage::Describe({hits, options.times}); }};
    if (options.json) {
        nlohmann::ordered_json findings = nlohmann::ordered_json::array();
        for (const auto& [key, hits] : seen) {
            findings.push_back({{"kind", key.first},
                                {"title", key.second},
                                {"hits", hits},
                                {"tries", options.times},
                                {"verdict", verdict(hits)}});
        }
        std::cout << nlohmann::ordered_json{{"tries", options.times}, {"findings", findings}}.dump(2) << '\n';
    } else {
        for (const auto& [key, hits] : seen) {
            std::cout << verdict(hits) << " (" << hits << " of " << options.times << "): " << key.first << ": "
                      << key.second << '\n';
        }
        if (identity && !seen.contains({identity->kind, identity->title})) {
            std::cout << "not seen in " << options.times << " tries: " << identity->kind << ": " << identity->title
                      << '\n';
        } else if (seen.empty()) {
            std::cout << "nothing found in " << options.times << " tries\n";
        }
    }
    return seen.empty() ? EXIT_NOTHING_FOUND : EXIT_FINDINGS;
}

} // namespace

int ReplayCommand(const ReplayOptions& options, const Invocation& invocation)
{
    const auto setup{LoadSetup(options.target)};
    if (!setup) return Complain(setup.GetError().message);
    const auto recipe{ReadRecipe(options.program, invocation.extra)};
    if (!recipe) return Complain(recipe.GetError().message);
    if (recipe->identity && recipe->identity->kind == observe::DIFFERENTIAL)
        return Complain(
            options.program +
            ": this is a difference between two targets; to replay it, run mpfuzz diff FIRST SECOND --program " +
            options.program);
    const auto program{ReadProgram(*setup->schema, recipe->path)};
    if (!program) return Complain(program.GetError().message);

    Rig rig{*setup, recipe->extra};
    if (const auto supported{rig.executor.Supports(*program)}; !supported) {
        return Complain(recipe->path + ": " + supported.GetError().message);
    }
    engine::Harness harness{*setup->schema, rig.executor, setup->limits, 0};
    std::map<std::pair<std::string, std::string>, int> seen;
    for (int i{0}; i < options.times; ++i) {
        trace::Trace trace;
        const auto findings{harness.RunFresh(*program, engine::Ways::BOTH, &trace)};
        if (!findings) return Complain(findings.GetError().message);
        for (const auto& finding : *findings) ++seen[{finding.kind, finding.title}];
        if (options.trace && i == 0) std::cout << trace::Print(*setup->schema, *program, trace) << '\n';
    }
    return Report(seen, recipe->identity, options);
}

} // namespace mpfuzz::apps
