#include <apps/common/wiring.h>
#include <apps/mpfuzz/command.h>
#include <mpfuzz/engine/benchmark.h>
#include <mpfuzz/generate/generator.h>

#include <nlohmann/json.hpp>

#include <cstdio>
#include <iostream>
#include <memory>

namespace mpfuzz::apps {
namespace {

struct Options {
    std::string target;
    uint64_t seed{1};
    size_t calls{20};
    unsigned rounds{5};
    bool json{false};
};

// Enough that no single program decides; guess, unmeasured.
constexpr size_t PROGRAMS{200};
constexpr std::chrono::milliseconds ROUND{1'000};

std::vector<program::Program> MakePrograms(const Setup& setup, const Options& options)
{
    generate::Rules rules{setup.rules};
    rules.max_steps = options.calls * 2;
    rules.max_connections = 1;
    rules.misbehaving_percent = 0;
    generate::Generator generator{*setup.schema, rules, setup.domains};
    base::Rng rng{options.seed};
    std::vector<program::Program> programs;
    // Bounded: a schema may have nothing to call.
    for (size_t tries{0}; tries < PROGRAMS * 100 && programs.size() < PROGRAMS; ++tries) {
        program::Program program{engine::Benchmarkable(generator.Generate(rng), setup.rules.may_block)};
        if (program::CountCalls(program) >= options.calls) programs.push_back(std::move(program));
    }
    return programs;
}

int Run(const Options& options, const Invocation& invocation)
{
    const auto setup{LoadSetup(options.target)};
    if (!setup) return Complain(setup.GetError().message);
    const auto programs{MakePrograms(*setup, options)};
    if (programs.empty())
        return Complain("no programs of " + std::to_string(options.calls) +
                        " calls can be made; try a smaller --calls");
    Rig rig{*setup, invocation.extra};
    const auto result{engine::RunBenchmark(rig.executor, programs, options.rounds, ROUND)};
    if (!result) return Complain(result.GetError().message);
    const double ratio{result->pipelined.calls_per_second / result->awaited.calls_per_second};
    if (options.json) {
        const auto speed{[](const engine::Speed& s) {
            return nlohmann::ordered_json{{"programs_per_second", s.programs_per_second},
                                          {"calls_per_second", s.calls_per_second}};
        }};
        std::cout << nlohmann::ordered_json{{"programs", result->programs},
                                            {"calls_per_program", result->calls_per_program},
                                            {"pipelined", speed(result->pipelined)},
                                            {"awaited", speed(result->awaited)},
                                            {"ratio", ratio}}
                         .dump(2)
                  << '\n';
        return EXIT_NOTHING_FOUND;
    }
    std::printf("%zu programs of %.1f calls; medians of %u turns of %lld ms each way\n", result->programs,
                result->calls_per_program, options.rounds, static_cast<long long>(ROUND.count()));
    std::printf("pipelined           %8.0f programs/s  %9.0f calls/s\n", result->pipelined.programs_per_second,
                result->pipelined.calls_per_second);
    std::printf("awaited one by one  %8.0f programs/s  %9.0f calls/s\n", result->awaited.programs_per_second,
                result->awaited.calls_per_second);
    std::printf("ratio               %8.2f\n", ratio);
    return EXIT_NOTHING_FOUND;
}

} // namespace

void AddBenchCommand(CLI::App& app, Invocation& invocation)
{
    auto* command{app.add_subcommand("bench", "Measure programs/s and calls/s, pipelined and awaited one by one")};
    auto options{std::make_shared<Options>()};
    command->add_option("TARGET", options->target, "A target.toml")->required();
    command->add_option("--seed", options->seed, "Which programs")->capture_default_str();
    command->add_option("--calls", options->calls, "Least number of calls in a program")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    command->add_option("--rounds", options->rounds, "Turns each way; the medians count")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    command->add_flag("--json", options->json, "For scripts");
    command->footer("Programs keep the rules and leave out calls that may block, so that it is not their waiting that "
                    "is measured.");
    command->callback(
        [options, &invocation] { invocation.chosen = [options, &invocation] { return Run(*options, invocation); }; });
}

} // namespace mpfuzz::apps
