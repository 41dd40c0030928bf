#include <apps/mpfuzz/finding_line.h>

namespace mpfuzz::apps {

std::string FindingLine(const engine::FindingReport& finding)
{
    return finding.identity.kind + ": " + finding.identity.title + " (" + triage::Describe(finding.verdict) +
           ", seen " + std::to_string(finding.occurrences) + " times): " + finding.directory;
}

} // namespace mpfuzz::apps
