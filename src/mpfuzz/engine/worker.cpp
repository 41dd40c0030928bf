#include <mpfuzz/engine/worker.h>

#include <mpfuzz/engine/corpus.h>
#include <mpfuzz/engine/fuzzer.h>
#include <mpfuzz/engine/libfuzzer.h>
#include <mpfuzz/engine/report.h>
#include <mpfuzz/program/print.h>

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

namespace mpfuzz::engine {
namespace {

using Clock = std::chrono::steady_clock;

// A program of thirty steps has about 2 KiB; a block as an argument adds a few. Guess, unmeasured.
constexpr size_t MAX_INPUT_BYTES{size_t{64} << 10};

constexpr std::chrono::milliseconds REPORT_INTERVAL{250};

bool IsEdge(const Feature& feature) { return feature.counter < agent::MAP_SIZE; }

class Worker
{
public:
    Worker(const WorkerContext& context, uint64_t seed, int pipe)
        : m_context{context}, m_pipe{pipe}, m_rng{seed}, m_fuzzer{context.subject, context.features_seen},
          m_recorder{
              context.subject.schema, m_fuzzer.GetHarness(), context.shared, context.options.keeping,
              [this](const FindingReport& finding) { Send({.kind = Report::Kind::FINDING, .finding = finding}); }}
    {
    }

    [[noreturn]] void Run()
    {
        if (Options().guidance == Guidance::NONE) {
            for (;;) {
                std::ranges::fill(TheCounters().all, uint8_t{0});
                RunProgram(Mutator().Generate(m_rng));
            }
        }
        RunLibFuzzer(
            {.corpus = Options().corpus,
             .max_bytes = MAX_INPUT_BYTES,
             .seed = static_cast<uint32_t>(m_rng.Below(UINT32_MAX)) + 1,
             .reload = Options().jobs > 1},
            {.run = [this](std::span<const uint8_t> input) { RunInput(Text(input)); },
             .mutate =
                 [this](std::span<uint8_t> data, size_t size, uint32_t seed) {
                     return WriteInput(Text(data.first(size)), data, [&](std::string_view base) {
                         return Mutator().Mutate(base, data.size(), seed, LibFuzzerHint);
                     });
                 },
             .cross_over =
                 [this](std::span<const uint8_t> a, std::span<const uint8_t> b, std::span<uint8_t> out, uint32_t seed) {
                     return WriteInput(Text(a), out, [&](std::string_view base) {
                         return Mutator().CrossOver(base, Text(b), out.size(), seed);
                     });
                 }});
    }

private:
    const CampaignOptions& Options() const { return m_context.options; }

    TextMutator& Mutator() { return m_fuzzer.GetMutator(); }

    static std::string_view Text(std::span<const uint8_t> bytes)
    {
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }

    //! Write the next input of libFuzzer to `out`. If a minimised program has to join the corpus, that is the input.
    //! Otherwise `make` makes it, from a program of the seed schedule or from libFuzzer's choice. Returns the size.
    template<typename Make>
    size_t WriteInput(std::string_view choice, std::span<uint8_t> out, const Make& make)
    {
        std::string text;
        if (!m_minimized.empty() && m_minimized.back().size() <= out.size()) {
            text = std::move(m_minimized.back());
            m_minimized.pop_back();
        } else {
            text = make(m_seed_schedule.Pick(m_rng).value_or(choice));
        }
        std::ranges::copy(text, out.begin());
        return text.size();
    }

    void RunInput(std::string_view text)
    {
        const auto program{m_fuzzer.Read(text)};
        if (!program) return m_fuzzer.MarkNoProgram();
        auto new_features{RunProgram(*program)};
        if (Options().guidance != Guidance::COVERAGE) std::erase_if(new_features, IsEdge);
        if (!new_features.empty() && Mutator().IsLatest(text)) {
            Mutator().BroughtFeatures(text);
            if (m_minimizing_runs <= m_other_runs) MinimizeNewInput(*program, new_features);
        }
        if (Options().guidance != Guidance::COVERAGE) std::ranges::fill(TheCounters().edges, uint8_t{0});
    }

    //! Let the shortest program that reaches the new features join the corpus, instead of the one that was run.
    void MinimizeNewInput(const program::Program& program, const std::vector<Feature>& new_features)
    {
        const uint64_t before{m_other_runs};
        const auto minimized{
            MinimizeInput(m_context.subject.schema, program, new_features, [this](const program::Program& candidate) {
                std::ranges::fill(TheCounters().all, uint8_t{0});
                RunProgram(candidate);
                return std::span<const uint8_t>{TheCounters().all};
            })};
        m_minimizing_runs += std::exchange(m_other_runs, before) - before;
        if (minimized) {
            m_minimized.push_back(program::Print(m_context.subject.schema, *minimized));
            NoteComparisons(*minimized);
            if (std::ranges::any_of(new_features, IsEdge) || Options().guidance != Guidance::COVERAGE)
                m_seed_schedule.Add(m_minimized.back());
        }
        std::ranges::fill(TheCounters().all, uint8_t{0});
    }

    //! Record the comparisons that the target makes in a program that will be mutated.
    void NoteComparisons(const program::Program& program)
    {
        // A target that has never reported a comparison was not compiled to do so. Then save the run.
        if (m_fuzzer.GetComparisons().empty()) return;
        m_fuzzer.ForgetComparisons();
        std::ranges::fill(TheCounters().all, uint8_t{0});
        RunProgram(program);
        Mutator().NoteComparisons(m_minimized.back(), m_fuzzer.GetComparisons());
    }

    //! @return The new features. After a finding all counters are zero.
    std::vector<Feature> RunProgram(const program::Program& program)
    {
        if (IsOver()) Exit(WORKER_DONE);
        const uint64_t before{m_context.shared.ClaimProgram()};
        if (Options().runs && before >= *Options().runs) Exit(WORKER_DONE);
        ++m_other_runs;
        auto result{m_fuzzer.Run(program)};
        if (!result) Fail(result.GetError());
        const std::string problem{m_fuzzer.TakeCoverageProblem()};
        if (!problem.empty() && Options().guidance == Guidance::COVERAGE)
            Send({.kind = Report::Kind::NOTE,
                  .text = "no coverage, only the outcomes of calls guide the campaign: " + problem});
        for (const observe::Finding& finding : result->findings) {
            if (auto kept{m_recorder.Keep(finding)}; !kept) Fail(kept.GetError());
        }
        // The replays of the finding have written to the counters.
        if (!result->findings.empty()) std::ranges::fill(TheCounters().all, uint8_t{0});
        if (Clock::now() - m_last_report >= REPORT_INTERVAL) SendProgress();
        return std::move(result->new_features);
    }

    bool IsOver() const
    {
        const auto& options{Options()};
        if (options.keeping.stop && options.keeping.stop->load()) return true;
        if (options.max_findings && m_context.shared.Findings() >= *options.max_findings) return true;
        return options.time && Clock::now() - m_context.start >= *options.time;
    }

    void SendProgress()
    {
        m_last_report = Clock::now();
        Send({.kind = Report::Kind::PROGRESS,
              .statistics = m_fuzzer.GetHarness().GetStatistics(),
              .mutators = Mutator().GetMutatorStatistics()});
    }

    void Send(const Report& report)
    {
        const std::string line{Encode(report)};
        for (size_t done{0}; done < line.size();) {
            const ssize_t n{write(m_pipe, line.data() + done, line.size() - done)};
            if (n < 0 && errno == EINTR) continue;
            // Nothing reads the pipe any more: the campaign was killed.
            if (n < 0) _exit(WORKER_ERROR);
            done += static_cast<size_t>(n);
        }
    }

    [[noreturn]] void Fail(const base::Error& error)
    {
        Send({.kind = Report::Kind::ERROR, .text = error.message});
        Exit(WORKER_ERROR);
    }

    [[noreturn]] void Exit(int status)
    {
        SendProgress();
        m_fuzzer.Close();
        // _exit: the exit handlers of libFuzzer and of the parent process must not run here.
        _exit(status);
    }

    const WorkerContext& m_context;
    int m_pipe;
    base::Rng m_rng;
    Fuzzer m_fuzzer;
    FindingRecorder m_recorder;
    std::vector<std::string> m_minimized; //!< programs that have to join the corpus
    SeedSchedule m_seed_schedule;
    //! New inputs are minimised only while at most half of all runs were made for this.
    uint64_t m_minimizing_runs{0}, m_other_runs{0};
    Clock::time_point m_last_report{Clock::now()};
};

} // namespace

void RunWorker(const WorkerContext& context, uint64_t seed, int pipe) { Worker{context, seed, pipe}.Run(); }

} // namespace mpfuzz::engine
