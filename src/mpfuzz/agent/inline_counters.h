#pragma once

#include <mpfuzz/agent/layout.h>

#include <sys/types.h>

#include <cstdint>
#include <span>
#include <system_error>
#include <vector>

namespace mpfuzz::agent {

//! Harness side: reads the counts of clang's inline-8bit-counters, which are in the target's own memory.
//!
//! It reads them with process_vm_readv and compares them with the previous values. This neither stops the target nor
//! writes to its memory, so it does no harm even if a module was unloaded. The harness needs the permission to trace
//! the target. The target's parent has it, unless kernel.yama.ptrace_scope is 2 or 3.
//!
//! Only the process that owns the map is read: if a target forks, compile it with trace-pc-guard instead. The counters
//! wrap around, so exactly 256 hits look like no hit.
class InlineCounters
{
public:
    //! Adds the hits of every inline counter since the last call to `counters`, which stop at 255.
    //!
    //! @param control   The target can write to it, so its sizes are not trusted.
    //! @param counters  Edge n is counted at index n modulo its size, which is a power of two.
    //! @return operation_not_permitted if the kernel does not let the harness read the target's memory. No error if the
    //!         target has ended.
    std::error_code Fold(const ControlPage& control, std::span<uint8_t> counters);

private:
    struct Region {
        uint64_t address;
        uint32_t first_index;
        std::vector<uint8_t> last_seen;
    };

    //! Adds the regions that were registered since the last call.
    void Discover(const ControlPage& control);
    std::error_code FoldRegion(Region& region, pid_t pid, std::span<uint8_t> counters);

    uint32_t m_examined{0};
    std::vector<Region> m_regions;
    std::vector<uint8_t> m_now;
};

//! Adds `hits` to `counter`, which stops at 255.
inline void AddSaturating(uint8_t& counter, unsigned hits)
{
    const unsigned sum{counter + hits};
    counter = static_cast<uint8_t>(sum < 255 ? sum : 255);
}

} // namespace mpfuzz::agent
