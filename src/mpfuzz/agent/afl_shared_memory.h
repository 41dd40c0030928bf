#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <system_error>

namespace mpfuzz::agent {

//! Harness side: the System V shared memory segment in which a target counts its edges if it was built with AFL++'s
//! compilers. Such a target needs no agent.
//!
//! The segment is marked for removal as soon as it exists. Linux still lets the target attach to it while we are
//! attached, and frees it when the last process detaches or ends, even after SIGKILL. As with SharedMap, each process
//! needs its own segment. AFL++'s runtime looks for a fork server on descriptors 198 and 199. These must not be open in
//! the target, so that the runtime finds no fork server and runs the program normally.
class AflSharedMemory
{
public:
    //! Room for 2^21 edges. If a target has more, AFL++'s runtime ends it with a message.
    static constexpr size_t DEFAULT_SIZE = size_t{1} << 21;

    //! @param size  Size in bytes, one for each edge; a multiple of 8. If a target needs another size, run
    //!              `AFL_DUMP_MAP_SIZE=1 TARGET`, which prints it.
    //! @return nullopt if the size is wrong or the system cannot create the segment; `error` then says why.
    static std::optional<AflSharedMemory> Create(size_t size, std::error_code& error);

    AflSharedMemory(AflSharedMemory&& other) noexcept;
    AflSharedMemory& operator=(AflSharedMemory&& other) noexcept;
    ~AflSharedMemory();

    //! Variables to add to the target's environment: `__AFL_SHM_ID` and `AFL_MAP_SIZE`.
    std::map<std::string, std::string> Environment() const;

    //! Adds the target's counts to `counters`, which stop at 255, and sets the target's counts to zero.
    //!
    //! Call this when the target is quiescent. Cost: one pass over the segment, 0.2 ms for 2 MiB (measured, -O2).
    //! @param counters  Edge n is counted at index n modulo its size.
    void Collect(std::span<uint8_t> counters);

    //! Sets the target's counts to zero, for example after the start of the target.
    void Clear();

private:
    AflSharedMemory(int id, std::span<uint8_t> memory) : m_id{id}, m_memory{memory} {}

    int m_id{-1};
    std::span<uint8_t> m_memory;
};

} // namespace mpfuzz::agent
