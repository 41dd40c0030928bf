#include <apps/mpfuzz/sighting_line.h>

namespace mpfuzz::apps {

std::string SightingLine(const engine::Sighting& sighting)
{
    return sighting.identity.kind + ": " + sighting.identity.title + " (" + triage::Describe(sighting.verdict) +
           ", seen " + std::to_string(sighting.occurrences) + " times): " + sighting.directory;
}

} // namespace mpfuzz::apps
