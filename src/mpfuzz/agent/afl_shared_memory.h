#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <system_error>

namespace mpfuzz::agent {

//! Harness side: the System V segment in which a target that was built with AFL++'s compilers counts its edges, without
//! an agent.
//!
//! It is marked for removal at once. Linux still lets the target attach while we are attached, and frees the segment
//! with the last process, even after SIGKILL. One segment serves one process, as with SharedMap. AFL++'s runtime finds
//! the segment but no fork server, and then runs the program normally: descriptors 198 and 199 must not be open in the
//! target.
class AflSharedMemory
{
public:
    //! Room for 2^21 edges. AFL++'s runtime ends a target that has more, with a message.
    static constexpr size_t DEFAULT_SIZE = size_t{1} << 21;

    //! @param size  In bytes, one for each edge; a multiple of 8. `AFL_DUMP_MAP_SIZE=1 TARGET` prints the size it
    //! needs.
    //! @return nullopt if the size is wrong or the system refuses the segment; `error` then says why.
    static std::optional<AflSharedMemory> Create(size_t size, std::error_code& error);

    AflSharedMemory(AflSharedMemory&& other) noexcept;
    AflSharedMemory& operator=(AflSharedMemory&& other) noexcept;
    ~AflSharedMemory();

    //! Variables to add to the target's environment: `__AFL_SHM_ID` and `AFL_MAP_SIZE`.
    std::map<std::string, std::string> Environment() const;

    //! Add the target's counts to `counters`, at most up to 255, then set them to zero.
    //!
    //! Call when the target is quiet. Cost: one pass over the segment, 0.2 ms for 2 MiB (measured, -O2).
    //! @param counters  Edge n is counted at index n modulo its size.
    void Collect(std::span<uint8_t> counters);

    //! Set the counts to zero, for example after the start of the target.
    void Clear();

private:
    AflSharedMemory(int id, std::span<uint8_t> memory) : m_id{id}, m_memory{memory} {}

    int m_id{-1};
    std::span<uint8_t> m_memory;
};

} // namespace mpfuzz::agent
