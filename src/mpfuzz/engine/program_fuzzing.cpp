#include <mpfuzz/engine/program_fuzzing.h>

#include <mpfuzz/engine/corpus.h>
#include <mpfuzz/engine/libfuzzer.h>
#include <mpfuzz/program/print.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace mpfuzz::engine {
namespace {

// A program of thirty steps has about 2 KiB; a block as an argument adds a few. Guess, unmeasured.
constexpr size_t MAX_INPUT_BYTES{size_t{64} << 10};

bool IsEdge(const Feature& feature) { return feature.counter < agent::MAP_SIZE; }

std::string_view Text(std::span<const uint8_t> bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

size_t Copy(const std::string& text, std::span<uint8_t> out)
{
    std::ranges::copy(text, out.begin());
    return text.size();
}

class ProgramWorker
{
public:
    ProgramWorker(WorkerContext& context, const Subject& subject, const ProgramFuzzing& options)
        : m_context{context}, m_subject{subject}, m_options{options}, m_rng{context.Seed()},
          m_fuzzer{subject, context.Memory().FeaturesSeen()}
    {
        m_context.SetCounts(
            [this] { m_context.Publish(m_fuzzer.GetHarness().GetStatistics(), Mutator().GetMutatorStatistics()); });
        m_context.SetClose([this] { m_fuzzer.Close(); });
    }

    [[noreturn]] void Run()
    {
        for (const std::string& seed : m_options.seeds) RunInput(seed);
        if (m_options.guidance == Guidance::NONE) {
            for (;;) RunProgram(Mutator().Generate(m_rng));
        }
        RunLibFuzzer(
            {.corpus = m_options.corpus,
             .max_bytes = MAX_INPUT_BYTES,
             .seed = static_cast<uint32_t>(m_rng.Below(UINT32_MAX)) + 1},
            {.run =
                 [this](std::span<const uint8_t> input) {
                     if (!RunInput(Text(input))) std::ranges::fill(TheCounters().all, uint8_t{0});
                 },
             .mutate =
                 [this](std::span<uint8_t> data, size_t size, uint32_t seed) {
                     const std::string_view base{PickBase(Text(data.first(size)))};
                     return Copy(Mutator().Mutate(base, data.size(), seed, LibFuzzerHint), data);
                 },
             .cross_over =
                 [this](std::span<const uint8_t> a, std::span<const uint8_t> b, std::span<uint8_t> out, uint32_t seed) {
                     return Copy(Mutator().CrossOver(PickBase(Text(a)), Text(b), out.size(), seed), out);
                 }});
    }

private:
    TextMutator& Mutator() { return m_fuzzer.GetMutator(); }
    const schema::Schema& GetSchema() const { return m_subject.target.schema; }

    //! The program to mutate: one of the seed schedule, or libFuzzer's choice.
    std::string_view PickBase(std::string_view choice) { return m_seed_schedule.Pick(m_rng).value_or(choice); }

    //! @return True if libFuzzer may add the input to its corpus. If not, nothing that it reached may stay in the
    //!         counters.
    bool RunInput(std::string_view text)
    {
        const bool was_made{Mutator().TakeMade()};
        const auto program{m_fuzzer.Read(text)};
        if (!program) {
            m_fuzzer.MarkNoProgram();
            return true;
        }
        auto result{RunProgram(*program)};
        if (!result.findings.empty()) return false;
        auto& new_features{result.new_features};
        if (m_options.guidance != Guidance::COVERAGE) std::erase_if(new_features, IsEdge);
        if (!new_features.empty() && was_made) {
            Mutator().MadeBroughtFeatures();
            if (m_minimizing_runs <= m_other_runs) {
                MinimizeNewInput(*program, new_features);
                return false;
            }
        }
        if (m_options.guidance != Guidance::COVERAGE) std::ranges::fill(TheCounters().edges, uint8_t{0});
        return true;
    }

    //! Let the shortest program that reaches the new features join the corpus, instead of the one that was run.
    void MinimizeNewInput(const program::Program& program, const std::vector<Feature>& new_features)
    {
        const uint64_t before{m_other_runs};
        const auto minimized{
            MinimizeInput(GetSchema(), program, new_features, [this](const program::Program& candidate) {
                const bool found{!RunProgram(candidate).findings.empty()};
                return found ? std::span<const uint8_t>{} : std::span<const uint8_t>{TheCounters().all};
            })};
        m_minimizing_runs += std::exchange(m_other_runs, before) - before;
        if (!minimized) return;
        const std::string text{program::Print(GetSchema(), *minimized)};
        // libFuzzer reads it from there.
        AddToCorpus(m_options.corpus, text);
        NoteComparisons(*minimized, text);
        if (std::ranges::any_of(new_features, IsEdge) || m_options.guidance != Guidance::COVERAGE)
            m_seed_schedule.Add(text);
    }

    //! Record the comparisons that the target makes in a program that will be mutated.
    void NoteComparisons(const program::Program& program, const std::string& text)
    {
        // A target that has never reported a comparison was not compiled to do so. Then save the run.
        if (m_fuzzer.GetComparisons().empty()) return;
        m_fuzzer.ForgetComparisons();
        RunProgram(program);
        Mutator().NoteComparisons(text, m_fuzzer.GetComparisons());
    }

    RunResult RunProgram(const program::Program& program)
    {
        m_context.BeginProgram();
        ++m_other_runs;
        auto result{m_fuzzer.Run(program)};
        if (!result) m_context.Fail(result.GetError());
        if (const auto problem{m_fuzzer.GetHarness().TargetProblem()}; !problem.empty())
            m_context.Fail(base::Error{problem});
        const std::string problem{m_fuzzer.TakeCoverageProblem()};
        if (!problem.empty() && m_options.guidance == Guidance::COVERAGE)
            m_context.Note("no coverage, only the outcomes of calls guide the campaign: " + problem);
        for (const observe::Finding& finding : result->findings) {
            const auto recorded{
                m_context.Recorder().RecordProgram(finding, [&] { return m_fuzzer.GetHarness().GetWitness(finding); })};
            if (!recorded) m_context.Fail(recorded.GetError());
        }
        if (const auto loss{m_fuzzer.GetHarness().LossOfTarget()}; !loss.empty()) m_context.EndCampaign(loss);
        return std::move(*result);
    }

    WorkerContext& m_context;
    const Subject& m_subject;
    const ProgramFuzzing& m_options;
    base::Rng m_rng;
    Fuzzer m_fuzzer;
    SeedSchedule m_seed_schedule;
    //! New inputs are minimised only while at most half of all runs were made for this.
    uint64_t m_minimizing_runs{0}, m_other_runs{0};
};

} // namespace

void FuzzPrograms(WorkerContext& context, const Subject& subject, const ProgramFuzzing& options)
{
    ProgramWorker{context, subject, options}.Run();
}

} // namespace mpfuzz::engine
