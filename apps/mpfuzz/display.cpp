#include <apps/mpfuzz/display.h>

#include <unistd.h>

#include <cstdio>

namespace mpfuzz::apps {
namespace {

unsigned long long Big(uint64_t number) { return number; }

} // namespace

StatusLine::StatusLine(size_t methods) : m_methods{methods}, m_terminal{isatty(STDERR_FILENO) == 1} {}

void StatusLine::Tick(const engine::Progress& progress)
{
    const auto now{Clock::now()};
    if (now - m_last < std::chrono::seconds{1}) return;
    const auto total{progress.statistics.Total()};
    const double seconds{std::chrono::duration<double>(now - m_last).count()};
    std::fprintf(stderr,
                 "%s%4.0fs  programs %llu  calls/s %.0f  methods %zu/%zu  answered %llu  exception %llu  "
                 "unanswered %llu  edges %zu  features %zu  findings %zu%s",
                 m_terminal ? "\r\033[K" : "", std::chrono::duration<double>(progress.elapsed).count(),
                 Big(progress.statistics.programs), static_cast<double>(total.calls - m_last_calls) / seconds,
                 progress.statistics.MethodsReached(), m_methods, Big(total.answered), Big(total.Exceptions()),
                 Big(total.unanswered), progress.edges, progress.features, progress.findings, m_terminal ? "" : "\n");
    std::fflush(stderr);
    m_last = now;
    m_last_calls = total.calls;
}

void StatusLine::Clear() const
{
    if (m_terminal) std::fputs("\r\033[K", stderr);
}

PlotFile::PlotFile(const std::string& path) : m_file{path}
{
    m_file << "seconds,programs,calls,methods,edges,features,findings\n";
}

void PlotFile::Tick(const engine::Progress& progress)
{
    if (progress.elapsed < m_next) return;
    m_next += std::chrono::seconds{1};
    Row(progress);
}

void PlotFile::Row(const engine::Progress& progress)
{
    m_file << std::chrono::duration<double>(progress.elapsed).count() << ',' << progress.statistics.programs << ','
           << progress.statistics.Total().calls << ',' << progress.statistics.MethodsReached() << ',' << progress.edges
           << ',' << progress.features << ',' << progress.findings << '\n';
    m_file.flush();
}

std::string FindingLine(const engine::FindingReport& finding)
{
    return finding.identity.kind + ": " + finding.identity.title + " (" + triage::Describe(finding.verdict) +
           ", seen " + std::to_string(finding.occurrences) + " times): " + finding.directory;
}

} // namespace mpfuzz::apps
