#include <mpfuzz/engine/worker.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/engine/libfuzzer.h>
#include <mpfuzz/engine/report.h>
#include <mpfuzz/engine/text_mutator.h>
#include <mpfuzz/program/print.h>

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>

namespace mpfuzz::engine {
namespace {

using Clock = std::chrono::steady_clock;

// A program of thirty steps has some 2 KiB; a block as an argument, a few more. Guess.
constexpr size_t MAX_INPUT_BYTES{size_t{64} << 10};

constexpr std::chrono::milliseconds REPORT_INTERVAL{250};

class Worker
{
public:
    Worker(const WorkerContext& context, uint64_t seed, int pipe)
        : m_context{context}, m_schema{context.subject.schema}, m_pipe{pipe}, m_rng{seed},
          m_lab{context.subject.make_lab()}, m_harness{m_schema, m_lab->GetExecutor(), context.subject.limits,
                                                       context.subject.restart_every},
          m_keeper{m_schema, m_harness, context.shared, context.options.keeping,
                   [this](const Sighting& sighting) { Tell({.kind = Report::Kind::SIGHTING, .sighting = sighting}); }},
          m_mutator{m_schema, context.subject.rules, context.subject.domains}
    {
        m_lab->GetTarget().ShareCoverage(m_counters.edges);
        m_lab->GetExecutor().SetQuiesce(true);
        m_harness.MarkOutcomesIn(m_counters.outcomes);
    }

    [[noreturn]] void Run()
    {
        if (Options().guidance == Guidance::NONE) {
            for (;;) {
                std::ranges::fill(m_counters.all, uint8_t{0});
                RunProgram(m_mutator.Generate(m_rng));
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
                     return Copy(m_mutator.Mutate(Text(data.first(size)), data.size(), seed, LibFuzzerHint), data);
                 },
             .cross_over =
                 [this](std::span<const uint8_t> a, std::span<const uint8_t> b, std::span<uint8_t> out, uint32_t seed) {
                     return Copy(m_mutator.CrossOver(Text(a), Text(b), out.size(), seed), out);
                 }});
    }

private:
    const CampaignOptions& Options() const { return m_context.options; }

    static std::string_view Text(std::span<const uint8_t> bytes)
    {
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }

    //! libFuzzer takes no empty input from a mutator.
    static size_t Copy(const std::string& text, std::span<uint8_t> out)
    {
        if (text.empty()) {
            out[0] = '\n';
            return 1;
        }
        std::ranges::copy(text, out.begin());
        return text.size();
    }

    void RunInput(std::string_view text)
    {
        const program::Program program{m_mutator.Read(text)};
        if (program.steps.empty() || !m_lab->GetExecutor().Supports(program)) {
            // What is no program still has one feature, since libFuzzer wants a corpus that is not empty.
            m_counters.outcomes[0] = 1;
            return;
        }
        if (RunProgram(program) > 0) m_mutator.Paid(text);
        if (Options().guidance != Guidance::COVERAGE) std::ranges::fill(m_counters.edges, uint8_t{0});
    }

    //! @return Number of features that are new. The counters are all zero where there is a finding: its program does
    //!         not enter the corpus.
    size_t RunProgram(const program::Program& program)
    {
        if (IsOver()) Leave(WORKER_DONE);
        const uint64_t before{m_context.shared.ClaimProgram()};
        if (Options().runs && before >= *Options().runs) Leave(WORKER_DONE);
        const auto findings{m_harness.Run(program)};
        if (!findings) Fail(findings.GetError());
        CheckCoverage();
        size_t fresh{0};
        if (findings->empty()) {
            CoarsenCounts(m_counters.edges);
            fresh = m_context.novelty.Take(m_counters.all);
        } else {
            for (const observe::Finding& finding : *findings) {
                if (auto kept{m_keeper.Keep(finding)}; !kept) Fail(kept.GetError());
            }
            std::ranges::fill(m_counters.all, uint8_t{0});
        }
        if (Clock::now() - m_last_report >= REPORT_INTERVAL) TellProgress();
        return fresh;
    }

    bool IsOver() const
    {
        const auto& options{Options()};
        if (options.keeping.stop && options.keeping.stop->load()) return true;
        if (options.max_findings && m_context.shared.Findings() >= *options.max_findings) return true;
        return options.time && Clock::now() - m_context.start >= *options.time;
    }

    //! After the first program, say why there is no coverage, where there is none.
    void CheckCoverage()
    {
        if (std::exchange(m_checked, true)) return;
        const std::string problem{m_lab->GetTarget().CoverageProblem()};
        if (problem.empty()) return;
        m_lab->GetExecutor().SetQuiesce(false);
        if (Options().guidance == Guidance::COVERAGE)
            Tell({.kind = Report::Kind::NOTE, .text = "no coverage, guided by outcomes alone: " + problem});
    }

    void TellProgress()
    {
        m_last_report = Clock::now();
        Tell(
            {.kind = Report::Kind::PROGRESS, .statistics = m_harness.GetStatistics(), .yields = m_mutator.GetYields()});
    }

    void Tell(const Report& report)
    {
        const std::string line{Encode(report)};
        for (size_t done{0}; done < line.size();) {
            const ssize_t n{write(m_pipe, line.data() + done, line.size() - done)};
            if (n < 0 && errno == EINTR) continue;
            // Nobody listens: the campaign has been killed.
            if (n < 0) _exit(WORKER_ERROR);
            done += static_cast<size_t>(n);
        }
    }

    [[noreturn]] void Fail(const base::Error& error)
    {
        Tell({.kind = Report::Kind::ERROR, .text = error.message});
        Leave(WORKER_ERROR);
    }

    [[noreturn]] void Leave(int status)
    {
        TellProgress();
        m_lab.reset();
        // No exit handler of libFuzzer's or of the process that forked us has anything to do here.
        _exit(status);
    }

    const WorkerContext& m_context;
    const schema::Schema& m_schema;
    int m_pipe;
    base::Rng m_rng;
    Counters m_counters{TheCounters()};
    std::unique_ptr<Lab> m_lab;
    Harness m_harness;
    Keeper m_keeper;
    TextMutator m_mutator;
    bool m_checked{false};
    Clock::time_point m_last_report{Clock::now()};
};

} // namespace

void RunWorker(const WorkerContext& context, uint64_t seed, int pipe) { Worker{context, seed, pipe}.Run(); }

} // namespace mpfuzz::engine
