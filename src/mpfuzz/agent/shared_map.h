#pragma once

#include <mpfuzz/agent/inline_counters.h>
#include <mpfuzz/agent/layout.h>

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace mpfuzz::agent {

//! What the agent has reported about itself so far.
struct AgentStatus {
    //! Pid of the process that owns the map, in that process's own pid namespace.
    std::optional<uint32_t> pid;
    //! Number of registered edges; 0 with GCC's `trace-pc`, which registers none.
    uint32_t edges{0};
    //! True if the agent has counted a `trace-pc` call.
    bool traced{false};
    //! Number of executables and shared objects with inline counters.
    uint32_t inline_modules{0};
};

//! Two unequal numbers that the target compared, zero-extended to 64 bits.
using Operands = std::pair<uint64_t, uint64_t>;

//! Harness side: the counters of one target process, in memory that is shared with it.
//!
//! Start each process, including spare processes, with a new map. Then a process that was replaced cannot count in the
//! map of the next process. With libFuzzer, call LayOver() with the map of the process that is being fuzzed.
//!
//! The memory is sealed, so the target cannot shrink it. The kernel frees it when the last descriptor and mapping are
//! closed, so nothing has to be cleaned up after a process was killed.
class SharedMap
{
public:
    //! Creates a zeroed map that no process owns. Returns nullopt if the system has no memory or descriptor left;
    //! `error` then says why.
    static std::optional<SharedMap> Create(std::error_code& error);

    SharedMap(SharedMap&& other) noexcept;
    SharedMap& operator=(SharedMap&& other) noexcept;
    ~SharedMap();

    //! The descriptor that the target must inherit. It is at least 200 if the limit on descriptors allows that, so that
    //! it does not change the numbers of the target's own descriptors. It is close-on-exec: clear FD_CLOEXEC between
    //! fork() and exec().
    int Fd() const { return m_fd; }

    //! Variables to add to the target's environment.
    std::map<std::string, std::string> Environment() const;

    //! MAP_SIZE counters. The target may write to them at any time.
    std::span<uint8_t> Counters() { return {m_memory, MAP_SIZE}; }

    //! Replaces the memory of `counters` (libFuzzer's `__libfuzzer_extra_counters`) by a second mapping of this map's
    //! counters. The mapping stays after this object is destroyed, until LayOver() of another SharedMap replaces it.
    //!
    //! @param counters  Exactly MAP_SIZE bytes, page-aligned; otherwise the result is invalid_argument.
    std::error_code LayOver(std::span<uint8_t> counters) const;

    //! Adds the hits that the target counted in its own memory (inline-8bit-counters) since the last Collect() or
    //! Clear().
    //!
    //! Call this when the target is quiescent, before you read the counters. Does nothing if the target was compiled
    //! with guards or `trace-pc`, because it then counts in this map. No error if the target has died: its last counts
    //! are then lost.
    //! Cost: one copy and comparison of the target's counters, 0.3 ms a MiB (measured, -O2).
    std::error_code Collect();

    //! Sets all counters to zero and ignores the hits so far, such as those from the start of the target.
    std::error_code Clear();

    //! Recent comparisons, at most MAX_COMPARISONS, in no particular order. Empty if the target was compiled without
    //! `trace-cmp`. Cost: a pass over 256 KiB.
    std::vector<Operands> Comparisons() const;
    //! Empties the table of comparisons.
    void ForgetComparisons();

    AgentStatus Status() const;

    //! Says why a running target gives no coverage, and what the user can change. Empty if there is no problem. Call
    //! this after the first program, because a target with `trace-pc` may not have called the agent before.
    std::string Problem() const;

private:
    SharedMap(int fd, uint8_t* memory) : m_fd{fd}, m_memory{memory} {}
    const ControlPage& Control() const { return *reinterpret_cast<const ControlPage*>(m_memory + CONTROL_OFFSET); }

    int m_fd{-1};
    uint8_t* m_memory{nullptr};
    InlineCounters m_inline;
};

} // namespace mpfuzz::agent
