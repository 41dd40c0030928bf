#include <mpfuzz/engine/benchmark.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/program/edit.h>
#include <mpfuzz/program/parse.h>
#include <mpfuzz/program/print.h>

#include <algorithm>
#include <ctime>
#include <memory>

namespace mpfuzz::engine {
namespace {

using Clock = std::chrono::steady_clock;

double Median(std::vector<double> values)
{
    std::nth_element(values.begin(), values.begin() + static_cast<ptrdiff_t>(values.size() / 2), values.end());
    return values[values.size() / 2];
}

//! Switch coverage on, before the target starts.
void CountEdges(LiveTarget& target)
{
    if (auto* const shared = target.GetTarget().GetCoverage()) shared->ShareCoverage(TheCounters().edges);
    target.GetExecutor().SetQuiesce(true);
}

//! One measurement, on a new target process, so that earlier measurements do not affect its speed.
base::Result<Speed> MeasureOnce(const Way& way, std::chrono::milliseconds length)
{
    LiveTarget target{way.target};
    if (way.coverage) CountEdges(target);
    execute::Executor& executor{target.GetExecutor()};
    if (auto restarted{executor.Restart()}; !restarted) return restarted.GetError();
    size_t programs{0};
    size_t calls{0};
    const auto start{Clock::now()};
    auto now{start};
    for (; now - start < length; now = Clock::now()) {
        const program::Program& program{way.programs[programs % way.programs.size()]};
        const auto trace{executor.Run(program, way.await_each)};
        if (!trace) return trace.GetError();
        if (!trace->ending.alive)
            return base::Error{"the target died during the benchmark:\n" + trace->ending.log_tail};
        ++programs;
        calls += program::CountCalls(program);
    }
    const double seconds{std::chrono::duration<double>(now - start).count()};
    return Speed{static_cast<double>(programs) / seconds, static_cast<double>(calls) / seconds};
}

//! Processor time of this thread.
std::chrono::nanoseconds ThreadTime()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

double Microseconds(std::chrono::nanoseconds time, size_t programs)
{
    return std::chrono::duration<double, std::micro>(time).count() / static_cast<double>(programs);
}

//! Average time of one call of `work`, in microseconds.
template<typename Work>
double Average(size_t times, const Work& work)
{
    const auto start{Clock::now()};
    for (size_t i{0}; i < times; ++i) work(i);
    return Microseconds(Clock::now() - start, times);
}

//! Prevent the compiler from removing work whose result is not used.
template<typename Value>
void Use(const Value& value)
{
    asm volatile("" : : "g"(&value) : "memory");
}

} // namespace

base::Result<std::vector<Speed>> MeasureSpeeds(std::span<const Way> ways, unsigned rounds,
                                               std::chrono::milliseconds round)
{
    std::vector<std::vector<double>> programs(ways.size()), calls(ways.size());
    for (unsigned number{0}; number < rounds; ++number) {
        for (size_t i{0}; i < ways.size(); ++i) {
            CHECK(!ways[i].programs.empty(), ways[i].name);
            const auto speed{MeasureOnce(ways[i], round)};
            if (!speed) return base::Error{ways[i].name + ": " + speed.GetError().message};
            programs[i].push_back(speed->programs_per_second);
            calls[i].push_back(speed->calls_per_second);
        }
    }
    std::vector<Speed> speeds;
    for (size_t i{0}; i < ways.size(); ++i) speeds.push_back({Median(programs[i]), Median(calls[i])});
    return speeds;
}

base::Result<TimeSplit> MeasureTimes(const Subject& subject, const std::vector<program::Program>& programs,
                                     uint64_t seed, std::string& problem)
{
    CHECK(!programs.empty());
    TimeSplit split;
    base::Rng rng{seed};
    generate::Generator generator{subject.target.schema, subject.target.file.rules, subject.domains};
    mutate::Mutation mutation{subject.target.schema, subject.target.file.rules, generator};
    std::vector<std::string> texts;
    const size_t count{programs.size()};
    split.generate = Average(count, [&](size_t) { Use(generator.Generate(rng)); });
    split.mutate =
        Average(count, [&](size_t i) { Use(mutation.Mutate(programs[i], rng, &programs[(i + 1) % programs.size()])); });
    split.print =
        Average(count, [&](size_t i) { texts.push_back(program::Print(subject.target.schema, programs[i])); });
    split.parse = Average(count, [&](size_t i) { Use(program::Parse(subject.target.schema, texts[i])); });

    LiveTarget target{subject.target};
    CountEdges(target);
    if (auto restarted{target.GetExecutor().Restart()}; !restarted) return restarted.GetError();
    FeatureSet features_seen;
    const Counters counters{TheCounters()};
    std::chrono::nanoseconds wall{0}, own{0}, observing{0};
    for (const program::Program& program : programs) {
        const auto start{Clock::now()};
        const auto own_start{ThreadTime()};
        const auto trace{target.GetExecutor().Run(program)};
        if (!trace) return trace.GetError();
        const auto end{Clock::now()};
        own += ThreadTime() - own_start;
        wall += end - start;
        Use(observe::Judge({subject.target.schema, program, *trace, subject.limits}));
        observe::MarkOutcomes(program, *trace, counters.outcomes);
        CoarsenCounts(counters.edges);
        Use(features_seen.Take(counters.all));
        observing += Clock::now() - end;
    }
    problem = execute::CoverageProblemOf(target.GetTarget());
    split.execute = Microseconds(own, count);
    split.wait = Microseconds(wall - own, count);
    split.observe = Microseconds(observing, count);
    return split;
}

program::Program Benchmarkable(program::Program program, const program::TargetRules& rules)
{
    const auto waits{[&](const program::Step& step) {
        if (const auto* call{std::get_if<program::Call>(&step)}) return rules.MayBlock(call->method);
        return std::holds_alternative<program::Await>(step) || std::holds_alternative<program::Delay>(step);
    }};
    for (size_t i{program.steps.size()}; i-- > 0;) {
        if (i < program.steps.size() && waits(program.steps[i])) {
            program::RemoveStep(program, static_cast<program::StepIndex>(i));
        }
    }
    return program;
}

} // namespace mpfuzz::engine
