#include <mpfuzz/trace/trace.h>

namespace mpfuzz::trace {

Overgrowth OvergrowthOf(const Usage& usage, const Usage& baseline, const Usage& max_growth)
{
    return {.threads = usage.threads > baseline.threads + max_growth.threads,
            .descriptors = usage.descriptors > baseline.descriptors + max_growth.descriptors,
            .memory = usage.memory_kib > baseline.memory_kib + max_growth.memory_kib};
}

} // namespace mpfuzz::trace
