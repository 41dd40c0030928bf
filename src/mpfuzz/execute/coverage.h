#pragma once

#include <mpfuzz/agent/afl_shared_memory.h>
#include <mpfuzz/agent/shared_map.h>
#include <mpfuzz/base/result.h>

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace mpfuzz::execute {

//! What counts edges inside a target.
enum class CoverageKind : uint8_t {
    NONE,
    AGENT, //!< mpfuzz_agent.o
    AFL,   //!< the run time of AFL++'s compilers
};

//! The edge counters of one process, from before its start to its end.
class Coverage
{
public:
    //! @param kind  Not NONE. An error where the system has no memory or descriptor left for it.
    static base::Result<Coverage> Create(CoverageKind kind);

    //! What the process needs in its environment.
    std::map<std::string, std::string> Environment() const;
    //! Descriptor that the process has to inherit under its own number; -1 for none.
    int Fd() const;

    //! Make `counters` the place where this process's counts appear, instead of any other's.
    //!
    //! @param counters  agent::MAP_SIZE bytes, page-aligned.
    void LayOver(std::span<uint8_t> counters);

    //! Bring the counts up to date. Call when the process is quiet.
    void Collect();

    //! Zero the counts: what was counted so far is no program's.
    void Clear();

    //! See agent::SharedMap::Comparisons; none with AFL.
    std::vector<agent::Operands> Comparisons() const;
    void ForgetComparisons();

    //! Why a started process gives no coverage, and what to change; empty where all is well, or nothing is known.
    std::string Problem() const;

private:
    using Memory = std::variant<agent::SharedMap, agent::AflSharedMemory>;

    explicit Coverage(Memory memory) : m_memory{std::move(memory)} {}

    Memory m_memory;
    std::span<uint8_t> m_counters;
};

} // namespace mpfuzz::execute
