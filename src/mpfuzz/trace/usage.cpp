#include <mpfuzz/trace/trace.h>

namespace mpfuzz::trace {

Overgrowth OvergrowthOf(const Usage& usage, const Usage& baseline, const Usage& growth)
{
    return {.threads = usage.threads > baseline.threads + growth.threads,
            .descriptors = usage.descriptors > baseline.descriptors + growth.descriptors,
            .memory = usage.memory_kib > baseline.memory_kib + growth.memory_kib};
}

} // namespace mpfuzz::trace
