#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <system_error>

namespace mpfuzz::agent {

//! Harness side: the System V segment that a target built by AFL++'s compilers counts in, instead of an agent.
//!
//! Marked for removal from the start: Linux lets the target attach as long as we are attached, and drops the segment
//! with the last process, even after SIGKILL. One segment serves one process, as with SharedMap. AFL++'s
//! run time takes the segment, finds no fork server and runs the program as usual: descriptors 198 and 199 must not be
//! open in the target.
class AflSharedMemory
{
public:
    //! Room for two million edges and more; AFL++'s run time ends the target, with a message, when it has more.
    static constexpr size_t DEFAULT_SIZE = size_t{1} << 21;

    //! @param size  In bytes, and so in edges: a multiple of 8. `AFL_DUMP_MAP_SIZE=1 TARGET` prints what it needs.
    //! @return Nothing, and why, where the size is wrong or the system allows no such segment.
    static std::optional<AflSharedMemory> Create(size_t size, std::error_code& error);

    AflSharedMemory(AflSharedMemory&& other) noexcept;
    AflSharedMemory& operator=(AflSharedMemory&& other) noexcept;
    ~AflSharedMemory();

    //! What to add to the target's environment: `__AFL_SHM_ID` and `AFL_MAP_SIZE`.
    std::map<std::string, std::string> Environment() const;

    //! Add the target's counts to `counters`, saturating, and zero them.
    //!
    //! Call when the target is quiet. Cost: one pass over the segment, 0.2 ms for 2 MiB (measured, -O2).
    //! @param counters  Edges fold modulo its size.
    void Collect(std::span<uint8_t> counters);

    //! Zero the counts: what the target does while starting is no program's.
    void Clear();

private:
    AflSharedMemory(int id, std::span<uint8_t> memory) : m_id{id}, m_memory{memory} {}

    int m_id{-1};
    std::span<uint8_t> m_memory;
};

} // namespace mpfuzz::agent
