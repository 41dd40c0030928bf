#include <fuzz_interface/server/state.h>

#include <cstddef>
#include <stdexcept>
#include <utility>

namespace mpfuzz::fuzz_interface {

void Slots::Store(int32_t slot, std::shared_ptr<FuzzCallback> callback)
{
    const std::lock_guard lock{m_mutex};
    Slot& place{At(slot)};
    if (m_closed) throw std::runtime_error{"callbacks can no longer be stored"};
    // The previous callback is destroyed with the parameter, after the lock is released.
    place.callback.swap(callback);
    place.was_used = true;
}

std::shared_ptr<FuzzCallback> Slots::Get(int32_t slot)
{
    const std::lock_guard lock{m_mutex};
    return At(slot).callback;
}

bool Slots::Forget(int32_t slot)
{
    std::shared_ptr<FuzzCallback> callback;
    const std::lock_guard lock{m_mutex};
    callback.swap(At(slot).callback);
    return callback != nullptr;
}

bool Slots::WasUsed(int32_t slot)
{
    const std::lock_guard lock{m_mutex};
    return At(slot).was_used;
}

void Slots::Close()
{
    std::array<std::shared_ptr<FuzzCallback>, SLOTS> callbacks;
    const std::lock_guard lock{m_mutex};
    m_closed = true;
    for (size_t i{0}; i < callbacks.size(); ++i) callbacks[i].swap(m_slots[i].callback);
}

Slots::Slot& Slots::At(int32_t slot)
{
    if (slot < 0 || slot >= SLOTS) throw std::out_of_range{"there is no such slot"};
    return m_slots[static_cast<size_t>(slot)];
}

} // namespace mpfuzz::fuzz_interface
