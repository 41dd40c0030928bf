#pragma once

// The memory that the harness and the agent share: one memfd with counters, a control page and a table of comparisons.
// Uses only types of the standard library and no functions, because programs without libstdc++ link the agent too.

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace mpfuzz::agent {

//! Environment variable with the number of the inherited descriptor of the memfd, in decimal.
inline constexpr const char* COVERAGE_FD_VARIABLE = "MPFUZZ_COVERAGE_FD";

//! Number of counters. Each is one byte and stops at 255; edge n is counted at index n modulo MAP_SIZE. A power of two,
//! and the largest that works with libFuzzer: it numbers features modulo 2^21, uses eight for each counter, and needs
//! some for its own features.
inline constexpr size_t MAP_SIZE = size_t{1} << 17;

//! Offset of the control page.
inline constexpr size_t CONTROL_OFFSET = MAP_SIZE;
inline constexpr size_t CONTROL_SIZE = 4096;

//! The table of recent comparisons follows the control page. Each place in the code uses the slots of one set, which it
//! shares with all places of the same hash.
inline constexpr size_t COMPARISON_SETS = 2048;
inline constexpr size_t COMPARISONS_A_SET = 8;
inline constexpr size_t MAX_COMPARISONS = COMPARISON_SETS * COMPARISONS_A_SET;
inline constexpr size_t COMPARISONS_OFFSET = CONTROL_OFFSET + CONTROL_SIZE;

//! Two unequal operands, zero-extended. Both are 0 in an empty slot. Two threads that write at once may mix their
//! operands.
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
    //! Number of its first edge, not reduced modulo MAP_SIZE.
    uint32_t first_index;
    //! Number of counters, one byte each. Written last; 0 while the entry is incomplete.
    std::atomic<uint32_t> size;
};

//! Written by the harness before the target starts, and by the agent afterwards. Neither trusts the values.
struct ControlPage {
    // Written by the harness.
    uint64_t magic;
    uint32_t version;
    uint32_t map_size;
    // Written by the agent; zero at first. The map belongs to the first process that writes its pid here.
    std::atomic<uint32_t> pid;
    //! Guards and inline counters registered so far. `trace-pc` registers none.
    std::atomic<uint32_t> edges;
    //! 1 once a `trace-pc` call was counted.
    std::atomic<uint32_t> traced;
    //! Number of regions registered. May exceed MAX_REGIONS; the excess found no room.
    std::atomic<uint32_t> region_count;
    CounterRegion regions[MAX_REGIONS];
};

static_assert(sizeof(ControlPage) <= CONTROL_SIZE);
static_assert(std::atomic<uint32_t>::is_always_lock_free && std::atomic<uint64_t>::is_always_lock_free);

} // namespace mpfuzz::agent
