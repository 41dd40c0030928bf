#include <mpfuzz/engine/benchmark.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/program/edit.h>

#include <algorithm>

namespace mpfuzz::engine {
namespace {

using Clock = std::chrono::steady_clock;

double Median(std::vector<double> values)
{
    std::nth_element(values.begin(), values.begin() + static_cast<ptrdiff_t>(values.size() / 2), values.end());
    return values[values.size() / 2];
}

class Timer
{
public:
    Timer(execute::Executor& executor, std::span<const program::Program> programs)
        : m_executor{executor}, m_programs{programs}
    {
    }

    //! One turn; the target is fresh, so that what earlier turns left there does not count.
    base::Result<Speed> Turn(bool await_each, std::chrono::milliseconds length)
    {
        if (auto restarted{m_executor.Restart()}; !restarted) return restarted.GetError();
        size_t programs{0};
        size_t calls{0};
        const auto start{Clock::now()};
        auto now{start};
        for (; now - start < length; now = Clock::now()) {
            const program::Program& program{m_programs[programs % m_programs.size()]};
            const auto trace{m_executor.Run(program, await_each)};
            if (!trace) return trace.GetError();
            if (!trace->ending.alive)
                return base::Error{"the target died during the benchmark:\n" + trace->ending.last_words};
            ++programs;
            calls += program::CountCalls(program);
        }
        const double seconds{std::chrono::duration<double>(now - start).count()};
        return Speed{static_cast<double>(programs) / seconds, static_cast<double>(calls) / seconds};
    }

private:
    execute::Executor& m_executor;
    std::span<const program::Program> m_programs;
};

} // namespace

base::Result<BenchmarkResult> RunBenchmark(execute::Executor& executor, std::span<const program::Program> programs,
                                           unsigned rounds, std::chrono::milliseconds round)
{
    CHECK(!programs.empty());
    Timer timer{executor, programs};
    std::vector<double> programs_speed[2], calls_speed[2];
    for (unsigned i{0}; i < rounds; ++i) {
        for (const bool await_each : {false, true}) {
            const auto speed{timer.Turn(await_each, round)};
            if (!speed) return speed.GetError();
            programs_speed[await_each].push_back(speed->programs_per_second);
            calls_speed[await_each].push_back(speed->calls_per_second);
        }
    }
    BenchmarkResult result;
    result.pipelined = {Median(programs_speed[0]), Median(calls_speed[0])};
    result.awaited = {Median(programs_speed[1]), Median(calls_speed[1])};
    result.programs = programs.size();
    size_t calls{0};
    for (const auto& program : programs) calls += program::CountCalls(program);
    result.calls_per_program = static_cast<double>(calls) / static_cast<double>(programs.size());
    return result;
}

program::Program Benchmarkable(program::Program program, std::span<const schema::MethodRef> may_block)
{
    const auto waits{[&](const program::Step& step) {
        if (const auto* call{std::get_if<program::Call>(&step)}) {
            return std::find(may_block.begin(), may_block.end(), call->method) != may_block.end();
        }
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
