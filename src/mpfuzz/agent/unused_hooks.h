#pragma once

// Agent side: hooks that the agent does not use. Targets that were built for libFuzzer (-fsanitize=fuzzer-no-link) do
// not link without them. They are weak, so that a sanitizer runtime's own hooks take precedence. Only agent.cpp
// includes this file.

#include <cstdint>

#define MPFUZZ_UNUSED_HOOK extern "C" [[gnu::visibility("default"), gnu::weak, gnu::used]]

MPFUZZ_UNUSED_HOOK void __sanitizer_cov_pcs_init(const uintptr_t*, const uintptr_t*) {}
MPFUZZ_UNUSED_HOOK void __sanitizer_cov_trace_pc_indir(uintptr_t) {}
MPFUZZ_UNUSED_HOOK void __sanitizer_cov_trace_div4(uint32_t) {}
MPFUZZ_UNUSED_HOOK void __sanitizer_cov_trace_div8(uint64_t) {}
MPFUZZ_UNUSED_HOOK void __sanitizer_cov_trace_gep(uintptr_t) {}
// GCC's trace-cmp also calls hooks for comparisons of floats.
MPFUZZ_UNUSED_HOOK void __sanitizer_cov_trace_cmpf(float, float) {}
MPFUZZ_UNUSED_HOOK void __sanitizer_cov_trace_cmpd(double, double) {}

extern "C" {
//! With stack-depth, clang's code stores the lowest stack pointer here.
extern thread_local uintptr_t __sancov_lowest_stack;
[[gnu::visibility("default"), gnu::weak, gnu::used,
  gnu::tls_model("initial-exec")]] thread_local uintptr_t __sancov_lowest_stack;
}
