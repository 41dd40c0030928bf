#include <mpfuzz/engine/shared_state.h>

#include <mpfuzz/base/check.h>

#include <sys/mman.h>

#include <cerrno>
#include <cstring>
#include <new>

namespace mpfuzz::engine {

SharedState::SharedState()
{
    void* const memory{mmap(nullptr, sizeof(State), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)};
    CHECK(memory != MAP_FAILED, std::strerror(errno));
    m_state = new (memory) State{};
}

SharedState::~SharedState() { munmap(m_state, sizeof(State)); }

bool SharedState::ClaimFinding(uint64_t digest)
{
    for (std::atomic<uint64_t>& slot : m_state->claimed) {
        uint64_t holder{0};
        if (slot.compare_exchange_strong(holder, digest)) return true;
        if (holder == digest) return false;
    }
    return false;
}

} // namespace mpfuzz::engine
