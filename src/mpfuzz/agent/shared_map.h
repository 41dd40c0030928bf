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

//! What the agent has said about itself so far.
struct AgentStatus {
    //! A process took the map; its pid as it sees it.
    std::optional<uint32_t> pid;
    //! Edges registered; 0 with GCC's `trace-pc`, which registers none.
    uint32_t edges{0};
    //! Has counted a `trace-pc` call.
    bool traced{false};
    //! Executables and shared objects with inline counters.
    uint32_t inline_modules{0};
};

//! Two numbers that the target compared, and that differed, zero-extended from whatever width they had.
using Operands = std::pair<uint64_t, uint64_t>;

//! Harness side: the counters of one target process, in memory that it shares.
//!
//! One map serves one process: start a process, or a warm spare, with a fresh map, and lay the map of whichever
//! process is being fuzzed over libFuzzer's counters. A process that was replaced cannot count into its successor's.
//! The memory is sealed, so that a target cannot shrink it under us. It goes with the last descriptor and
//! mapping: nothing to clean up, whatever is killed.
class SharedMap
{
public:
    //! A zeroed map that no process has taken. Nothing, and why, where the system has no memory or descriptor left.
    static std::optional<SharedMap> Create(std::error_code& error);

    SharedMap(SharedMap&& other) noexcept;
    SharedMap& operator=(SharedMap&& other) noexcept;
    ~SharedMap();

    //! The descriptor for the target to inherit, at least 200 where the limit allows, so that the target's own
    //! numbers stay as they are. Close-on-exec here: clear FD_CLOEXEC in the child between fork and exec.
    int Fd() const { return m_fd; }

    //! What to add to the target's environment.
    std::map<std::string, std::string> Environment() const;

    //! MAP_SIZE counters, live: the target writes at any time.
    std::span<uint8_t> Counters() { return {m_memory, MAP_SIZE}; }

    //! Map the counters a second time, over `counters` (libFuzzer's `__libfuzzer_extra_counters`), replacing whatever
    //! was there. Stays when the SharedMap goes, until the next one is laid over it.
    //!
    //! @param counters  Exactly MAP_SIZE bytes, page-aligned; otherwise invalid_argument.
    std::error_code LayOver(std::span<uint8_t> counters) const;

    //! Bring in what the target counted in its own memory (inline-8bit-counters) since the last Collect or Clear.
    //!
    //! Call when the target is quiet and before the counters are read. Does nothing for a target with guards or
    //! `trace-pc`, whose counts are here already. No error where the target has died: its last counts are lost.
    //! Cost: one copy and comparison of the target's counters, 0.3 ms a MiB (measured, -O2).
    std::error_code Collect();

    //! Zero all counters, and forget what the target counted so far: what it does while starting is no program's.
    std::error_code Clear();

    //! What the target compared lately, where it was compiled with `trace-cmp`: at most MAX_COMPARISONS, in no
    //! meaningful order. Cost: a pass over 256 KiB.
    std::vector<Operands> Comparisons() const;
    //! Empty the table of comparisons.
    void ForgetComparisons();

    AgentStatus Status() const;

    //! Why a started target gives no coverage, and what to change; empty where all is well. Ask after the first
    //! program: only then has `trace-pc` shown itself.
    std::string Problem() const;

private:
    SharedMap(int fd, uint8_t* memory) : m_fd{fd}, m_memory{memory} {}
    const ControlPage& Control() const { return *reinterpret_cast<const ControlPage*>(m_memory + CONTROL_OFFSET); }

    int m_fd{-1};
    uint8_t* m_memory{nullptr};
    InlineCounters m_inline;
};

} // namespace mpfuzz::agent
