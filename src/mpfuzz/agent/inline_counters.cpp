#include <mpfuzz/agent/inline_counters.h>

#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace mpfuzz::agent {
namespace {

// Largest total size of counters that is read, because the target's numbers may be wrong. Bitcoin Core has about 1 MiB
// of counters (estimate).
constexpr size_t MAX_TOTAL_BYTES = size_t{64} << 20;

// Number of counters that are compared at once, because nearly all of them are unchanged.
constexpr size_t WORD = sizeof(uint64_t);

} // namespace

std::error_code InlineCounters::Fold(const ControlPage& control, std::span<uint8_t> counters)
{
    Discover(control);
    const pid_t pid{static_cast<pid_t>(control.pid.load())};
    for (Region& region : m_regions) {
        if (const std::error_code error{FoldRegion(region, pid, counters)}) return error;
    }
    return {};
}

void InlineCounters::Discover(const ControlPage& control)
{
    const uint32_t registered{std::min<uint32_t>(control.region_count.load(), MAX_REGIONS)};
    for (; m_examined < registered; ++m_examined) {
        const CounterRegion& entry{control.regions[m_examined]};
        const uint32_t size{entry.size.load(std::memory_order_acquire)};
        if (size == 0) return; // The target is still writing the entry. Look again next time.
        size_t total{size};
        for (const Region& region : m_regions) total += region.last_seen.size();
        if (total > MAX_TOTAL_BYTES) continue;
        m_regions.push_back({entry.address, entry.first_index, std::vector<uint8_t>(size)});
    }
}

std::error_code InlineCounters::FoldRegion(Region& region, pid_t pid, std::span<uint8_t> counters)
{
    const size_t size{region.last_seen.size()};
    m_now.resize(size);
    const iovec local{m_now.data(), size};
    const iovec remote{reinterpret_cast<void*>(region.address), size};
    const ssize_t got{process_vm_readv(pid, &local, 1, &remote, 1, 0)};
    if (got != static_cast<ssize_t>(size)) {
        // The target has ended or has unloaded the module: there is nothing to read.
        if (got >= 0 || errno == ESRCH || errno == EFAULT) return {};
        return {errno, std::generic_category()};
    }
    const auto same{[&](size_t at) {
        // The length is a constant, so the compiler replaces the call of memcmp by two loads.
        return at + WORD <= size && std::memcmp(&m_now[at], &region.last_seen[at], WORD) == 0;
    }};
    for (size_t at{0}; at < size; at += WORD) {
        if (same(at)) continue;
        for (size_t i{at}; i < std::min(at + WORD, size); ++i) {
            const auto hits{static_cast<uint8_t>(m_now[i] - region.last_seen[i])};
            AddSaturating(counters[(region.first_index + i) & (counters.size() - 1)], hits);
        }
    }
    region.last_seen.swap(m_now);
    return {};
}

} // namespace mpfuzz::agent
