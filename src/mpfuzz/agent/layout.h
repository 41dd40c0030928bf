#pragma once

// The memory that the harness and the agent share: one memfd with counters, a control page and a table of comparisons.
// This header uses types of the standard library but no functions, because the agent is also linked into programs
// without libstdc++.

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace mpfuzz::agent {

//! Environment variable that contains the number of the memfd's inherited descriptor, in decimal.
inline constexpr const char* COVERAGE_FD_VARIABLE = "MPFUZZ_COVERAGE_FD";

//! Number of counters. Each is one byte and stops at 255. Edge n is counted at index n modulo MAP_SIZE.
//!
//! It is the largest power of two that works with libFuzzer: libFuzzer numbers features modulo 2^21, uses eight
//! features for each counter, and needs some numbers for its own features.
inline constexpr size_t MAP_SIZE = size_t{1} << 17;

//! Offset of the control page.
inline constexpr size_t CONTROL_OFFSET = MAP_SIZE;
inline constexpr size_t CONTROL_SIZE = 4096;

//! The table of recent comparisons is after the control page. Each comparison in the target's code uses the slots of
//! one set. It shares them with all comparisons whose pc has the same hash.
inline constexpr size_t COMPARISON_SETS = 2048;
inline constexpr size_t COMPARISONS_A_SET = 8;
inline constexpr size_t MAX_COMPARISONS = COMPARISON_SETS * COMPARISONS_A_SET;
inline constexpr size_t COMPARISONS_OFFSET = CONTROL_OFFSET + CONTROL_SIZE;

//! Two unequal operands, zero-extended. Both are 0 in an empty slot. If two threads write to a slot at once, it may
//! contain one operand of each.
struct Comparison {
    std::atomic<uint64_t> left;
    std::atomic<uint64_t> right;
};

//! Size of the memfd.
inline constexpr size_t LAYOUT_SIZE = COMPARISONS_OFFSET + MAX_COMPARISONS * sizeof(Comparison);

//! "mpfuzzCV" as a little-endian number.
inline constexpr uint64_t LAYOUT_MAGIC = 0x56437a7a7566706d;
inline constexpr uint32_t LAYOUT_VERSION = 2;

//! Maximum number of modules with inline counters in one process.
inline constexpr size_t MAX_REGIONS = 128;

//! The inline 8-bit counters of one module, in the address space of the target.
struct CounterRegion {
    uint64_t address;
    //! Number of the module's first edge, not reduced modulo MAP_SIZE.
    uint32_t first_index;
    //! Number of counters, one byte each. Written last; 0 while the entry is incomplete.
    std::atomic<uint32_t> size;
};

//! The harness writes this page before the target starts, and the agent writes it afterwards. Neither of them trusts
//! the values of the other.
struct ControlPage {
    // Written by the harness.
    uint64_t magic;
    uint32_t version;
    uint32_t map_size;
    // Written by the agent; zero at first. The map belongs to the first process that writes its pid here.
    std::atomic<uint32_t> pid;
    //! Guards and inline counters registered so far. `trace-pc` registers none.
    std::atomic<uint32_t> edges;
    //! 1 if a `trace-pc` call was counted, otherwise 0.
    std::atomic<uint32_t> traced;
    //! Number of modules with inline counters. May exceed MAX_REGIONS: the additional modules are not in `regions`.
    std::atomic<uint32_t> region_count;
    CounterRegion regions[MAX_REGIONS];
};

static_assert(sizeof(ControlPage) <= CONTROL_SIZE);
static_assert(std::atomic<uint32_t>::is_always_lock_free && std::atomic<uint64_t>::is_always_lock_free);

} // namespace mpfuzz::agent
