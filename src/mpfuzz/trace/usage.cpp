#include <mpfuzz/trace/trace.h>

namespace mpfuzz::trace {

Overgrowth OvergrowthOf(const Usage& usage, const Usage& baseline, const program::TargetRules& rules)
{
    return {.threads = usage.threads > baseline.threads + rules.left_threads,
            .descriptors = usage.descriptors > baseline.descriptors + rules.left_descriptors,
            .memory = usage.memory_kib > baseline.memory_kib + (uint64_t{rules.left_memory_mb} << 10)};
}

} // namespace mpfuzz::trace
