#include <mpfuzz/agent/afl_shared_memory.h>

#include <mpfuzz/agent/inline_counters.h>

#include <sys/ipc.h>
#include <sys/shm.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace mpfuzz::agent {

std::optional<AflSharedMemory> AflSharedMemory::Create(size_t size, std::error_code& error)
{
    if (size == 0 || size % sizeof(uint64_t) != 0) {
        error = std::make_error_code(std::errc::invalid_argument);
        return std::nullopt;
    }
    const int id{shmget(IPC_PRIVATE, size, IPC_CREAT | IPC_EXCL | 0600)};
    void* const memory{id < 0 ? reinterpret_cast<void*>(-1) : shmat(id, nullptr, 0)};
    const int attach_error{errno};
    if (id >= 0) shmctl(id, IPC_RMID, nullptr);
    if (memory == reinterpret_cast<void*>(-1)) {
        error = {attach_error, std::generic_category()};
        return std::nullopt;
    }
    return AflSharedMemory{id, {static_cast<uint8_t*>(memory), size}};
}

AflSharedMemory::AflSharedMemory(AflSharedMemory&& other) noexcept
    : m_id{std::exchange(other.m_id, -1)}, m_memory{std::exchange(other.m_memory, {})}
{
}

AflSharedMemory& AflSharedMemory::operator=(AflSharedMemory&& other) noexcept
{
    std::swap(m_id, other.m_id);
    std::swap(m_memory, other.m_memory);
    return *this;
}

AflSharedMemory::~AflSharedMemory()
{
    if (!m_memory.empty()) shmdt(m_memory.data());
}

std::map<std::string, std::string> AflSharedMemory::Environment() const
{
    return {{"__AFL_SHM_ID", std::to_string(m_id)}, {"AFL_MAP_SIZE", std::to_string(m_memory.size())}};
}

void AflSharedMemory::Collect(std::span<uint8_t> counters)
{
    for (size_t at{0}; at < m_memory.size(); at += sizeof(uint64_t)) {
        // Nearly all counters are 0, so test eight at once.
        uint64_t word;
        std::memcpy(&word, &m_memory[at], sizeof(word));
        if (word == 0) continue;
        for (size_t i{at}; i < at + sizeof(word); ++i) {
            AddSaturating(counters[i % counters.size()], std::exchange(m_memory[i], uint8_t{0}));
        }
    }
}

void AflSharedMemory::Clear() { std::ranges::fill(m_memory, uint8_t{0}); }

} // namespace mpfuzz::agent
