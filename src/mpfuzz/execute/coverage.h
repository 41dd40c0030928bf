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

//! Which code counts edges inside a target.
enum class CoverageKind : uint8_t {
    NONE,
    AGENT, //!< mpfuzz_agent.o
    AFL,   //!< the runtime of AFL++'s compilers
};

//! The edge counters of one process. Create them before the process starts.
class Coverage
{
public:
    //! @param kind  Not NONE.
    //! @return An error if the system gives no more memory or descriptors.
    static base::Result<Coverage> Create(CoverageKind kind);

    //! Environment variables that the process needs.
    std::map<std::string, std::string> Environment() const;
    //! Descriptor that the process must inherit under the same number; -1 for none.
    int Fd() const;

    //! Make this process's counts appear in `counters`. They replace those of another process.
    //!
    //! @param counters  agent::MAP_SIZE bytes, page-aligned.
    void LayOver(std::span<uint8_t> counters);

    //! Bring the counts up to date. Call when the process is quiet.
    void Collect();

    //! Set all counts to zero.
    void Clear();

    //! See agent::SharedMap::Comparisons. Empty with AFL.
    std::vector<agent::Operands> Comparisons() const;
    void ForgetComparisons();

    //! Why a started process gives no coverage, and what to change; empty if all is well or the reason is unknown.
    std::string Problem() const;

private:
    using Memory = std::variant<agent::SharedMap, agent::AflSharedMemory>;

    explicit Coverage(Memory memory) : m_memory{std::move(memory)} {}

    Memory m_memory;
    std::span<uint8_t> m_counters;
};

} // namespace mpfuzz::execute
