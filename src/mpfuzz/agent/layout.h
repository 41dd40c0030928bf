#pragma once

// What the harness and the agent agree on: one memfd, with counters, a control page, and a table of comparisons.
// Standard library only, and no function: the agent is linked into programs without libstdc++.

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace mpfuzz::agent {

//! Environment variable with the number of the inherited descriptor of the memfd, in decimal.
inline constexpr const char* COVERAGE_FD_VARIABLE = "MPFUZZ_COVERAGE_FD";

//! Bytes of counters, one an edge, saturating at 255; edges fold modulo it. A power of two, and all that
//! libFuzzer can take: it numbers features modulo 2^21 and uses eight a counter, with room for its own.
inline constexpr size_t MAP_SIZE = size_t{1} << 17;

//! Where the control page begins.
inline constexpr size_t CONTROL_OFFSET = MAP_SIZE;
inline constexpr size_t CONTROL_SIZE = 4096;

//! Comparisons that the target made lately, after the control page. Each place in the code has the slots of one
//! set, shared with the places that hash to the same.
inline constexpr size_t COMPARISON_SETS = 2048;
inline constexpr size_t COMPARISONS_A_SET = 8;
inline constexpr size_t MAX_COMPARISONS = COMPARISON_SETS * COMPARISONS_A_SET;
inline constexpr size_t COMPARISONS_OFFSET = CONTROL_OFFSET + CONTROL_SIZE;

//! Operands that differed, zero-extended. Both 0: an empty slot. Threads may mix the operands of two.
struct Comparison {
    std::atomic<uint64_t> left;
    std::atomic<uint64_t> right;
};

//! How large the memfd is.
inline constexpr size_t LAYOUT_SIZE = COMPARISONS_OFFSET + MAX_COMPARISONS * sizeof(Comparison);

//! "mpfuzzCV" as a little-endian number.
inline constexpr uint64_t LAYOUT_MAGIC = 0x56437a7a7566706d;
inline constexpr uint32_t LAYOUT_VERSION = 2;

//! Modules with inline counters of which one process can keep track.
inline constexpr size_t MAX_REGIONS = 128;

//! The inline 8-bit counters of one module, in the address space of the target.
struct CounterRegion {
    uint64_t address;
    //! Its first counter has this index before folding.
    uint32_t first_index;
    //! In bytes, and so in counters. Written last: 0 while the entry is not complete.
    std::atomic<uint32_t> size;
};

//! Written by the harness before the target starts, by the agent afterwards; never trusted by either.
struct ControlPage {
    // By the harness.
    uint64_t magic;
    uint32_t version;
    uint32_t map_size;
    // By the agent, from zero. A map belongs to the first process that takes it.
    std::atomic<uint32_t> pid;
    //! Guards and inline counters registered so far. `trace-pc` registers none.
    std::atomic<uint32_t> edges;
    //! 1 once a `trace-pc` call was counted.
    std::atomic<uint32_t> traced;
    //! Entries of `regions` handed out; may exceed MAX_REGIONS, and then says how many had no room.
    std::atomic<uint32_t> region_count;
    CounterRegion regions[MAX_REGIONS];
};

static_assert(sizeof(ControlPage) <= CONTROL_SIZE);
static_assert(std::atomic<uint32_t>::is_always_lock_free && std::atomic<uint64_t>::is_always_lock_free);

} // namespace mpfuzz::agent
