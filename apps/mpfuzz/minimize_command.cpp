#include <apps/common/wiring.h>
#include <apps/mpfuzz/campaign_setup.h>
#include <apps/mpfuzz/command.h>
#include <mpfuzz/engine/triage_runner.h>
#include <mpfuzz/program/print.h>
#include <mpfuzz/triage/minimize_finding.h>

#include <nlohmann/json.hpp>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <optional>

#include <unistd.h>

namespace mpfuzz::apps {
namespace {

using Clock = std::chrono::steady_clock;

//! Shows the progress on standard error. On a terminal each line replaces the one before.
class ProgressLine
{
public:
    void Tick(const triage::MinimizeProgress& progress)
    {
        const auto now{Clock::now()};
        if (now - m_last < std::chrono::milliseconds{m_terminal ? 100 : 1'000}) return;
        m_last = now;
        std::fprintf(stderr, "%s%.*s: %zu candidates, %zu steps, %zu calls%s", m_terminal ? "\r\033[K" : "",
                     static_cast<int>(progress.pass.size()), progress.pass.data(), progress.reruns, progress.steps,
                     progress.calls, m_terminal ? "" : "\n");
        std::fflush(stderr);
    }

    //! Print a line that later lines do not replace.
    void Note(const std::string& note) const
    {
        std::fprintf(stderr, "%s%s\n", m_terminal ? "\r\033[K" : "", note.c_str());
    }

private:
    bool m_terminal{isatty(STDERR_FILENO) == 1};
    Clock::time_point m_last{};
};

//! The text and size of a program, for the summary.
struct About {
    std::string text;
    size_t steps{0};
    size_t calls{0};

    About(const schema::Schema& schema, const program::Program& program)
        : text{program::Print(schema, program)}, steps{program.steps.size()}, calls{program::CountCalls(program)}
    {
    }
    std::string Sentence() const
    {
        return std::to_string(steps) + " steps, " + std::to_string(calls) + " calls, " + std::to_string(text.size()) +
               " characters";
    }
    nlohmann::ordered_json Json() const
    {
        return {{"steps", steps}, {"calls", calls}, {"characters", text.size()}, {"program", text}};
    }
};

void PrintJson(const nlohmann::ordered_json& json)
{
    std::cout << json.dump(2, ' ', /*ensure_ascii=*/false, nlohmann::ordered_json::error_handler_t::replace) << '\n';
}

int Report(const MinimizeOptions& options, const schema::Schema& schema, const observe::Identity& identity,
           const triage::MinimizedFinding& minimized, double seconds)
{
    nlohmann::ordered_json json{{"reproduced", minimized.from.verdict.hits > 0},
                                {"kind", observe::Name(identity.kind)},
                                {"title", identity.title}};
    if (minimized.from.verdict.hits == 0) {
        std::fprintf(stderr, "nothing to minimise: the finding could not be reproduced: %s\n",
                     Describe(identity).c_str());
        if (options.json) PrintJson(json);
        return EXIT_NOTHING_FOUND;
    }
    const About before{schema, minimized.from.program}, after{schema, minimized.best.program};
    const std::string verdict{triage::Describe(minimized.best.verdict)};
    std::fprintf(stderr, "%s; before: %s\n%s; %zu candidates in %.1f s, %zu of them tried in an earlier run%s\n",
                 after.Sentence().c_str(), before.Sentence().c_str(), verdict.c_str(), minimized.candidates, seconds,
                 minimized.known, minimized.complete ? "" : "; not finished: run the same command again to continue");
    if (!options.json) {
        std::cout << after.text;
        return EXIT_FINDINGS;
    }
    json.update({{"verdict", verdict},
                 {"complete", minimized.complete},
                 {"candidates", minimized.candidates},
                 {"runs", minimized.runs},
                 {"seconds", seconds},
                 {"before", before.Json()},
                 {"after", after.Json()}});
    PrintJson(json);
    return EXIT_FINDINGS;
}

} // namespace

int MinimizeCommand(const MinimizeOptions& options, const Invocation& invocation)
{
    const auto setup{LoadLiveSetup(options.target)};
    if (!setup) return Complain(setup.GetError().message);
    if (!triage::IsFinding(options.finding)) {
        return Complain(options.finding +
                        ": not the directory of a finding (it has no finding.json). Expected for example "
                        "out/findings/crash-0123456789abcdef");
    }
    const auto finding{triage::Load(options.finding)};
    if (!finding) return Complain(finding.GetError().message);
    if (!finding->record.driver.empty()) {
        return Complain(options.finding + ": a driver found this, so there is no program to minimise");
    }
    if (finding->record.identity.kind == observe::FindingKind::DIFFERENTIAL)
        return Complain(options.finding +
                        ": this is a difference between two targets; mpfuzz diff has already minimised it");
    const auto time{ReadTimeOption(options.time)};
    if (!time) return Complain(time.GetError().message);
    const std::atomic<int>& signals{HandleSignals()};
    const auto begin{Clock::now()};
    const auto words{TargetWords(finding->record, invocation.extra, options.trust)};
    if (!words) return Complain(options.finding + ": " + words.GetError().message);
    engine::ProgramRunner runner{MakeSpec(*setup, *words), setup->limits};
    ProgressLine line;
    const triage::TryRun run{[&](const program::Program& program) { return runner.RunFresh(*finding, program); }};
    const auto minimized{triage::MinimizeFinding(
        *setup->schema, *finding, run,
        {.screen = [&](const program::Program& program) { return runner.Screen(*finding, program); },
         .tries = options.tries,
         .max_time = *time,
         .stop = [&] { return signals > 0; },
         .on_progress = [&](const triage::MinimizeProgress& progress) { line.Tick(progress); },
         .on_note = [&](const std::string& note) { line.Note(note); },
         .extra_arguments = *words})};
    if (isatty(STDERR_FILENO) == 1) std::fputs("\r\033[K", stderr);
    if (!minimized) return Complain(minimized.GetError().message);
    return Report(options, *setup->schema, finding->record.identity, *minimized,
                  std::chrono::duration<double>(Clock::now() - begin).count());
}

} // namespace mpfuzz::apps
