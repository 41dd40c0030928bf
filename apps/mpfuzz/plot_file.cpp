#include <apps/mpfuzz/plot_file.h>

namespace mpfuzz::apps {

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

} // namespace mpfuzz::apps
