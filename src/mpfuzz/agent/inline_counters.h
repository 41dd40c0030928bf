#pragma once

#include <mpfuzz/agent/layout.h>

#include <sys/types.h>

#include <cstdint>
#include <span>
#include <system_error>
#include <vector>

namespace mpfuzz::agent {

//! Harness side: counts that clang's inline-8bit-counters keep in the target's own memory, read from outside.
//!
//! Read only, by process_vm_readv, and compared with what was there before: the target gains no thread and no
//! pause, and nothing of it is written, so that even a module that was unloaded does no harm. This needs the right to
//! trace the target, which its parent has unless kernel.yama.ptrace_scope is 2 or 3. Only the process that took the
//! map is read: for a target that forks, use guards. Counters wrap: exactly 256 hits look like none.
class InlineCounters
{
public:
    //! Add to `counters`, saturating, what every inline counter gained since the last call.
    //!
    //! @param control  As the target left it: sizes are bounded here, not believed.
    //! @param counters Edges fold modulo its size, which is a power of two.
    //! @return operation_not_permitted where the kernel forbids reading. No error where the target is gone.
    std::error_code Fold(const ControlPage& control, std::span<uint8_t> counters);

private:
    struct Region {
        uint64_t address;
        uint32_t first_index;
        std::vector<uint8_t> last_seen;
    };

    //! Take in regions that were registered since the last call.
    void Discover(const ControlPage& control);
    std::error_code FoldRegion(Region& region, pid_t pid, std::span<uint8_t> counters);

    uint32_t m_examined{0};
    std::vector<Region> m_regions;
    std::vector<uint8_t> m_now;
};

//! `counter` plus `hits`, at most 255.
inline void AddSaturating(uint8_t& counter, unsigned hits)
{
    const unsigned sum{counter + hits};
    counter = static_cast<uint8_t>(sum < 255 ? sum : 255);
}

} // namespace mpfuzz::agent
