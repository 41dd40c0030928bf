#include <apps/mpfuzz/display.h>

#include <apps/mpfuzz/command.h>
#include <mpfuzz/base/check.h>
#include <mpfuzz/base/file.h>

#include <nlohmann/json.hpp>

#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace mpfuzz::apps {
namespace {

using Clock = std::chrono::steady_clock;

unsigned long long Big(uint64_t number) { return number; }

double Seconds(std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); }

std::string Times(uint64_t count) { return count == 1 ? "once" : std::to_string(count) + " times"; }

//! A number and its unit, such as `3 steps`.
std::string Count(size_t count, const std::string& unit)
{
    return std::to_string(count) + " " + unit + (count == 1 ? "" : "s");
}

std::string VerdictOf(const triage::StoredFinding& finding)
{
    const bool is_finished{finding.stage == triage::Stage::DONE};
    std::string text{Describe(finding.record.verdict)};
    if (finding.stage == triage::Stage::PARKED) return text + ", parked";
    if (finding.record.driver.empty()) text += ", " + Count(finding.steps, "step");
    if (finding.record.verdict.hits > 0 && !is_finished) text += ", not yet minimal";
    return text;
}

//! What is being investigated, such as `replay crash: SIGSEGV in F (3 s)`, and how many findings wait.
std::string TriageText(const engine::Progress& progress)
{
    std::string text;
    for (const engine::Investigating& some : progress.investigating) {
        constexpr std::array<std::string_view, 5> VERBS{"replaying", "searching", "minimizing", "", ""};
        text += "  " + std::string{VERBS.at(static_cast<size_t>(some.stage))} + " " + Describe(some.identity) + " (" +
                std::to_string(static_cast<int>(Seconds(some.elapsed))) + " s)";
    }
    const size_t more{progress.waiting - std::min(progress.waiting, progress.investigating.size())};
    if (more > 0) text += "  " + std::to_string(more) + " wait for triage";
    return text;
}

//! Shows the progress of a campaign on standard error.
class StatusLine
{
public:
    StatusLine(const CampaignDisplay& display, size_t methods) : m_display{display}, m_methods{methods} {}

    void Tick(const engine::Progress& progress)
    {
        const auto now{Clock::now()};
        if (now - m_last < std::chrono::seconds{1}) return;
        const auto total{progress.statistics.Total()};
        std::string line{std::to_string(static_cast<int>(Seconds(progress.elapsed))) + "s"};
        const auto add{
            [&](std::string_view name, const std::string& value) { line += "  " + std::string{name} + " " + value; }};
        if (!progress.fuzzing_ended) {
            add(m_display.runs, std::to_string(progress.statistics.programs));
            if (m_display.methods) {
                const double calls{static_cast<double>(total.calls - m_last_calls) / Seconds(now - m_last)};
                add("calls/s", std::to_string(static_cast<uint64_t>(calls)));
                add("methods", std::to_string(progress.statistics.MethodsReached()) + "/" + std::to_string(m_methods));
                add("edges", std::to_string(progress.edges));
                add("features", std::to_string(progress.features));
            }
        } else {
            line += "  fuzzing has ended";
        }
        add("findings", std::to_string(progress.findings));
        line += TriageText(progress);
        Print(std::move(line));
        m_last = now;
        m_last_calls = total.calls;
    }

    //! Clear the line on a terminal, so that another line can be printed.
    void Clear() const
    {
        if (m_terminal) std::fputs("\r\033[K", stderr);
    }

private:
    void Print(std::string line) const
    {
        winsize size{};
        if (m_terminal && ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && line.size() >= size.ws_col)
            line.resize(size.ws_col - 1);
        std::fprintf(stderr, m_terminal ? "\r\033[K%s" : "%s\n", line.c_str());
        std::fflush(stderr);
    }

    const CampaignDisplay& m_display;
    size_t m_methods;
    bool m_terminal{isatty(STDERR_FILENO) == 1};
    Clock::time_point m_last{Clock::now()};
    uint64_t m_last_calls{0};
};

//! Writes the progress of a campaign as comma-separated values: a row at the start, one a second, and one at the end.
class PlotFile
{
public:
    //! An existing file gets another name, with a number. Errors are ignored: a campaign should not fail because its
    //! plot cannot be written.
    explicit PlotFile(const std::string& path)
    {
        if (path.empty()) return;
        namespace fs = std::filesystem;
        std::error_code ignored;
        for (int number{1}; fs::exists(path, ignored); ++number) {
            const fs::path plot{path};
            const fs::path kept{plot.parent_path() / (plot.stem().string() + "-" + std::to_string(number) + ".csv")};
            if (!fs::exists(kept, ignored)) fs::rename(path, kept, ignored);
        }
        m_file.open(path);
        m_file << "seconds,programs,calls,methods,edges,features,findings,triage_seconds,waiting\n";
    }

    void Tick(const engine::Progress& progress)
    {
        if (progress.elapsed < m_next) return;
        m_next += std::chrono::seconds{1};
        Row(progress);
    }

    void Row(const engine::Progress& progress)
    {
        m_file << Seconds(progress.elapsed) << ',' << progress.statistics.programs << ','
               << progress.statistics.Total().calls << ',' << progress.statistics.MethodsReached() << ','
               << progress.edges << ',' << progress.features << ',' << progress.findings << ','
               << Seconds(progress.in_triage) << ',' << progress.waiting << '\n';
        m_file.flush();
    }

private:
    std::ofstream m_file;
    std::chrono::nanoseconds m_next{0};
};

void PrintFound(const triage::StoredFinding& finding)
{
    std::fprintf(stderr, "found %s\n      %s\n", Describe(finding.record.identity).c_str(), finding.directory.c_str());
}

void PrintVerdict(const triage::StoredFinding& finding)
{
    std::fprintf(stderr, "      %s: %s\n", Describe(finding.record.identity).c_str(), VerdictOf(finding).c_str());
    if (!finding.record.details.empty()) std::fprintf(stderr, "%s\n", finding.record.details.c_str());
}

void PrintJson(const schema::Schema& schema, const engine::CampaignResult& result)
{
    const engine::Progress& progress{result.progress};
    nlohmann::ordered_json findings = nlohmann::ordered_json::array();
    for (const auto& [stored, occurrences] : result.findings) {
        const triage::Record& record{stored.record};
        findings.push_back({{"kind", observe::Name(record.identity.kind)},
                            {"title", record.identity.title},
                            {"verdict", Describe(record.verdict)},
                            {"hits", record.verdict.hits},
                            {"tries", record.verdict.tries},
                            {"steps", stored.steps},
                            {"occurrences", occurrences},
                            {"triage", triage::Name(stored.stage)},
                            {"target_starts", stored.cost.target_starts},
                            {"triage_seconds", stored.cost.seconds},
                            {"directory", stored.directory}});
    }
    const nlohmann::ordered_json json{
        {"programs", progress.statistics.programs},
        {"calls", progress.statistics.Total().calls},
        {"seconds", Seconds(progress.fuzzing)},
        {"triage_seconds", Seconds(progress.in_triage)},
        {"restarts", progress.statistics.restarts},
        {"edges", progress.edges},
        {"features", progress.features},
        {"interrupted", result.interrupted},
        {"waiting", progress.waiting},
        {"findings", std::move(findings)},
        {"methods", nlohmann::ordered_json::parse(engine::MethodsJson(schema, progress.statistics))}};
    std::cout << json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
}

void PrintSummary(const schema::Schema& schema, const engine::CampaignResult& result, const CampaignDisplay& display)
{
    const engine::Progress& progress{result.progress};
    const auto& statistics{progress.statistics};
    if (display.methods && statistics.programs > 0) std::cout << engine::MethodTable(schema, statistics) << '\n';
    if (display.verbose) std::cout << mutate::MutatorTable(progress.mutators) << '\n';
    std::cout.flush();
    const double seconds{Seconds(progress.fuzzing)};
    if (display.methods && statistics.programs > 0) {
        const uint64_t calls{statistics.Total().calls};
        const std::string restarts{statistics.restarts > 0 ? "; the target was restarted " + Times(statistics.restarts)
                                                           : ""};
        std::printf("%llu programs and %llu calls in %.1f s: %.0f programs/s, %.0f calls/s%s\n",
                    Big(statistics.programs), Big(calls), seconds, static_cast<double>(statistics.programs) / seconds,
                    static_cast<double>(calls) / seconds, restarts.c_str());
        std::printf("%zu edges of the target, %zu features in total\n", progress.edges, progress.features);
    } else if (statistics.programs > 0) {
        std::printf("%llu %s in %.1f s\n", Big(statistics.programs), display.runs.c_str(), seconds);
    }
    if (progress.in_triage.count() > 0) std::printf("triage ran for %.1f s\n", Seconds(progress.in_triage));
    if (result.findings.empty()) std::printf("no findings\n");
    for (const auto& [stored, occurrences] : result.findings) {
        std::printf("%s (%s; seen %s; triage: %llu starts, %.1f s): %s\n", Describe(stored.record.identity).c_str(),
                    VerdictOf(stored).c_str(), Times(stored.occurrences).c_str(), Big(stored.cost.target_starts),
                    stored.cost.seconds, stored.directory.c_str());
        if (!display.programs) continue;
        const auto program{base::ReadFile(stored.SmallestProgramPath())};
        std::printf("\n%s\n%s\n\n", program ? program->c_str() : "", stored.record.details.c_str());
    }
    if (progress.waiting > 0) {
        std::printf("%s for triage; to go on: %s\n",
                    progress.waiting == 1 ? "1 finding waits"
                                          : (std::to_string(progress.waiting) + " findings wait").c_str(),
                    display.go_on.c_str());
    }
}

} // namespace

int RunCampaignAndReport(const engine::CampaignWork& work, const engine::CampaignOptions& options,
                         const CampaignDisplay& display)
{
    StatusLine status{display, work.schema.MatchMethods("*").size()};
    PlotFile plot{display.plot};
    engine::CampaignReporter reporter;
    reporter.on_progress = [&](const engine::Progress& progress) {
        status.Tick(progress);
        plot.Tick(progress);
    };
    const auto print{[&](const auto& function) {
        return [&status, function](const auto& what) {
            status.Clear();
            function(what);
        };
    }};
    reporter.on_found = print(PrintFound);
    reporter.on_verdict = print(PrintVerdict);
    reporter.on_note = print([](const std::string& note) { std::fprintf(stderr, "%s\n", note.c_str()); });
    const auto result{engine::RunCampaign(work, options, reporter)};
    status.Clear();
    if (!result) return Complain(result.GetError().message);
    plot.Row(result->progress);
    if (display.json) {
        PrintJson(work.schema, *result);
    } else {
        PrintSummary(work.schema, *result, display);
    }
    if (result->own_bugs > 0) return base::EXIT_OWN_BUG;
    return result->findings.empty() ? EXIT_NOTHING_FOUND : EXIT_FINDINGS;
}

} // namespace mpfuzz::apps
