// Measures the time that mpfuzz itself spends on one program. The goal: to mutate, validate, print and parse a program
// of ten calls takes at most 50 µs.

#include <mpfuzz/base/check.h>
#include <mpfuzz/mutate/mutate.h>
#include <mpfuzz/mutate/mutators.h>
#include <mpfuzz/program/parse.h>
#include <mpfuzz/program/print.h>
#include <mpfuzz/program/testing/must_parse.h>
#include <mpfuzz/program/validate.h>
#include <mpfuzz/schema/load.h>

#include <benchmark/benchmark.h>

#include <array>

namespace mpfuzz::mutate {
namespace {

constexpr std::string_view TEN_CALLS{
    "c0 = connect\n"
    "shop0 = c0.bootstrap Shop\n"
    "shop0.ping()\n"
    "enter0 = shop0.enter(name = \"a customer\")\n"
    "enter1 = shop0.enter(name = \"another\")\n"
    "await enter0\n"
    "enter0.cart.add(item = (name = \"hat\", price = 12, colour = blue, tags = [\"felt\", \"round\"], weight = 0.25, "
    "boxed = true), badge = $enter0.badge, count = 2)\n"
    "enter0.cart.add(item = (name = \"box\", parts = [(name = \"lid\"), (name = \"base\", price = 3)], "
    "code = 0x\"00112233445566778899aabbccddeeff\"), badge = $enter1.badge|flip(3), count = 1, ratio = 1.5)\n"
    "shop0.watch(listener = serve Listener { sold: return (more = true) })\n"
    "merge0 = enter0.cart.merge(other = enter1.cart)\n"
    "merge0.cart.pay(sums = [1, 2, 3, 4, 5, 6])\n"
    "pay0 = merge0.cart.pay(sums = [7 * 100])\n"
    "await pay0\n"
    "wait0 = shop0.wait()\n"
    "shop0.ping()\n"
    "cancel wait0\n"
    "drop enter1.cart\n"
    "disconnect c0 clean\n"};

//! The objects that a fuzzing loop uses.
struct Loop {
    std::shared_ptr<const schema::Schema> schema{Load()};
    program::TargetRules rules{MakeRules(*schema)};
    generate::Generator generator{*schema, rules, {}};
    Mutation mutation{*schema, rules, generator};
    base::Rng rng{1};
    program::Program program{program::MustParse(*schema, TEN_CALLS)};

    static std::shared_ptr<const schema::Schema> Load()
    {
        const std::array<std::string, 1> files{MPFUZZ_SOURCE_DIR "/src/mpfuzz/mutate/testdata/shop.capnp"};
        auto loaded{schema::LoadFiles(files, {})};
        CHECK(loaded, loaded.GetError().message);
        return *loaded;
    }
    static program::TargetRules MakeRules(const schema::Schema& schema)
    {
        program::TargetRules rules;
        rules.main_interface = schema.FindInterface("Shop").value();
        return rules;
    }
};

void MutateValidatePrintParse(benchmark::State& state)
{
    Loop loop;
    double bytes{0}, steps{0};
    for (auto _ : state) {
        const Mutated child{loop.mutation.Mutate(loop.program, loop.rng, &loop.program)};
        benchmark::DoNotOptimize(static_cast<bool>(program::Validate(*loop.schema, child.program)));
        const std::string text{program::Print(*loop.schema, child.program)};
        benchmark::DoNotOptimize(program::Parse(*loop.schema, text));
        bytes += text.size();
        steps += child.program.steps.size();
    }
    state.counters["bytes"] = {bytes, benchmark::Counter::kAvgIterations};
    state.counters["steps"] = {steps, benchmark::Counter::kAvgIterations};
}
BENCHMARK(MutateValidatePrintParse)->Unit(benchmark::kMicrosecond);

void Mutate(benchmark::State& state)
{
    Loop loop;
    for (auto _ : state) benchmark::DoNotOptimize(loop.mutation.Mutate(loop.program, loop.rng, &loop.program));
}
BENCHMARK(Mutate)->Unit(benchmark::kMicrosecond);

void Crossover(benchmark::State& state)
{
    Loop loop;
    const program::Program other{loop.generator.Generate(loop.rng)};
    for (auto _ : state) benchmark::DoNotOptimize(loop.mutation.Crossover(loop.program, other, loop.rng));
}
BENCHMARK(Crossover)->Unit(benchmark::kMicrosecond);

void Copy(benchmark::State& state)
{
    Loop loop;
    for (auto _ : state) benchmark::DoNotOptimize(program::Program{loop.program});
}
BENCHMARK(Copy)->Unit(benchmark::kMicrosecond);

void Validate(benchmark::State& state)
{
    Loop loop;
    for (auto _ : state) benchmark::DoNotOptimize(program::Validate(*loop.schema, loop.program));
}
BENCHMARK(Validate)->Unit(benchmark::kMicrosecond);

void Print(benchmark::State& state)
{
    Loop loop;
    for (auto _ : state) benchmark::DoNotOptimize(program::Print(*loop.schema, loop.program));
}
BENCHMARK(Print)->Unit(benchmark::kMicrosecond);

void Parse(benchmark::State& state)
{
    Loop loop;
    const std::string text{program::Print(*loop.schema, loop.program)};
    for (auto _ : state) benchmark::DoNotOptimize(program::Parse(*loop.schema, text));
}
BENCHMARK(Parse)->Unit(benchmark::kMicrosecond);

} // namespace
} // namespace mpfuzz::mutate
