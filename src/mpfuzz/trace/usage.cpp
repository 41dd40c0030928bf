#include <mpfuzz/trace/trace.h>

namespace mpfuzz::trace {

Overgrowth OvergrowthOf(const Usage& usage, const Usage& baseline, const Usage& builder)
{
    return {.threads = usage.threads > baseline.threads + builder.threads,
            .descriptors = usage.descriptors > baseline.descriptors + builder.descriptors,
            .memory = usage.memory_kib > baseline.memory_kib + builder.memory_kib};
}

} // namespace mpfuzz::trace
