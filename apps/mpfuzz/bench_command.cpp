#include <apps/common/wiring.h>
#include <apps/mpfuzz/campaign_setup.h>
#include <apps/mpfuzz/command.h>
#include <mpfuzz/engine/benchmark.h>
#include <mpfuzz/generate/generator.h>
#include <mpfuzz/program/parse.h>
#include <mpfuzz/program/print.h>

#include <nlohmann/json.hpp>

#include <cstdio>
#include <iostream>
#include <optional>

namespace mpfuzz::apps {
namespace {

using Programs = std::vector<program::Program>;

// Enough programs, so that the result does not depend on a single one. Guess, unmeasured.
constexpr size_t PROGRAMS{200};
constexpr std::chrono::milliseconds ROUND{1'000};

Programs MakePrograms(const Setup& setup, const BenchOptions& options)
{
    program::TargetRules rules{setup.file.rules};
    rules.max_steps = options.calls * 2;
    rules.max_connections = 1;
    rules.misbehaving_percent = 0;
    rules.signals.clear();
    generate::Generator generator{*setup.schema, rules, setup.domains};
    base::Rng rng{options.seed};
    Programs programs;
    // The number of tries is limited, because a schema may have no methods to call.
    for (size_t tries{0}; tries < PROGRAMS * 100 && programs.size() < PROGRAMS; ++tries) {
        program::Program program{engine::Benchmarkable(generator.Generate(rng), rules)};
        if (program::CountCalls(program) >= options.calls) programs.push_back(std::move(program));
    }
    return programs;
}

//! The programs that are also valid in another schema, with the methods of the same names.
Programs Translate(const Programs& programs, const schema::Schema& from, const schema::Schema& to)
{
    Programs translated;
    for (const program::Program& program : programs) {
        auto parsed{program::Parse(to, program::Print(from, program))};
        if (parsed) translated.push_back(std::move(*parsed));
    }
    return translated;
}

double CallsPerProgram(const Programs& programs)
{
    size_t calls{0};
    for (const auto& program : programs) calls += program::CountCalls(program);
    return static_cast<double>(calls) / static_cast<double>(programs.size());
}

void PrintJson(const std::vector<engine::Way>& ways, const std::vector<engine::Speed>& speeds,
               const engine::TimeSplit& split, const Programs& programs)
{
    nlohmann::ordered_json out{{"programs", programs.size()}, {"calls_per_program", CallsPerProgram(programs)}};
    for (size_t i{0}; i < ways.size(); ++i) {
        out["ways"].push_back({{"name", ways[i].name},
                               {"programs_per_second", speeds[i].programs_per_second},
                               {"calls_per_second", speeds[i].calls_per_second}});
    }
    out["ratio"] = speeds[0].calls_per_second / speeds[1].calls_per_second;
    out["microseconds"] = {{"generate", split.generate}, {"mutate", split.mutate},   {"print", split.print},
                           {"parse", split.parse},       {"execute", split.execute}, {"wait", split.wait},
                           {"observe", split.observe}};
    std::cout << out.dump(2) << '\n';
}

void PrintText(const std::vector<engine::Way>& ways, const std::vector<engine::Speed>& speeds,
               const engine::TimeSplit& split, const Programs& programs, unsigned rounds)
{
    std::printf("%zu programs of %.1f calls on average; medians of %u turns of %lld ms each\n", programs.size(),
                CallsPerProgram(programs), rounds, static_cast<long long>(ROUND.count()));
    for (size_t i{0}; i < ways.size(); ++i) {
        std::printf("%-24s %8.0f programs/s  %9.0f calls/s  %6.2f\n", ways[i].name.c_str(),
                    speeds[i].programs_per_second, speeds[i].calls_per_second,
                    speeds[i].calls_per_second / speeds[0].calls_per_second);
    }
    std::printf("pipelined is %.2f times as fast as awaited one by one\n\n",
                speeds[0].calls_per_second / speeds[1].calls_per_second);
    std::printf("microseconds a program, guided by coverage:\n");
    for (const auto& [name, time] : {std::pair{"generate", split.generate},
                                     {"mutate", split.mutate},
                                     {"print", split.print},
                                     {"parse", split.parse},
                                     {"execute", split.execute},
                                     {"wait", split.wait},
                                     {"observe", split.observe}}) {
        std::printf("%-24s %8.1f\n", name, time);
    }
}

} // namespace

int BenchCommand(const BenchOptions& options, const Invocation& invocation)
{
    const auto setup{LoadLiveSetup(options.target)};
    if (!setup) return Complain(setup.GetError().message);
    std::optional<Setup> other;
    if (!options.other.empty()) {
        auto loaded{LoadLiveSetup(options.other)};
        if (!loaded) return Complain(loaded.GetError().message);
        other.emplace(std::move(*loaded));
    }
    const Programs programs{MakePrograms(*setup, options)};
    if (programs.empty())
        return Complain("cannot generate programs with " + std::to_string(options.calls) +
                        " calls; try a smaller --calls");
    const Programs translated{other ? Translate(programs, *setup->schema, *other->schema) : Programs{}};
    if (other && translated.empty()) return Complain("none of the programs is valid in the schema of " + options.other);

    const auto subject{MakeSubject(*setup, invocation.extra)};
    std::vector<engine::Way> ways{
        {"pipelined", subject.target, programs},
        {.name = "awaited one by one", .target = subject.target, .programs = programs, .await_each = true},
        {.name = "pipelined, coverage", .target = subject.target, .programs = programs, .coverage = true}};
    if (other) {
        ways.push_back({other->file.name + ", pipelined", MakeSpec(*other, invocation.extra), translated});
    }
    const auto speeds{engine::MeasureSpeeds(ways, options.rounds, ROUND)};
    if (!speeds) return Complain(speeds.GetError().message);
    std::string problem;
    const auto split{engine::MeasureTimes(subject, programs, options.seed, problem)};
    if (!split) return Complain(split.GetError().message);
    if (!problem.empty()) std::fprintf(stderr, "the target does not count edges: %s\n", problem.c_str());
    if (options.json) {
        PrintJson(ways, *speeds, *split, programs);
    } else {
        PrintText(ways, *speeds, *split, programs, options.rounds);
    }
    return EXIT_NOTHING_FOUND;
}

} // namespace mpfuzz::apps
