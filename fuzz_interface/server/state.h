// The state that the interfaces and objects of one implementation share.
#pragma once

#include <fuzz_interface/interface/interface.h>
#include <fuzz_interface/server/bugs.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

namespace mpfuzz::fuzz_interface {

//! The slots for callbacks. May be used on any thread.
class Slots
{
public:
    //! Every method with a parameter `slot` throws std::out_of_range if it is not in [0, SLOTS).
    //! @throw std::runtime_error after Close.
    void Store(int32_t slot, std::shared_ptr<FuzzCallback> callback);
    //! Returns null if the slot is empty.
    std::shared_ptr<FuzzCallback> Get(int32_t slot);
    //! Returns whether there was a callback.
    bool Forget(int32_t slot);

    //! Whether the slot has ever held a callback.
    bool WasUsed(int32_t slot);

    void Close();

private:
    struct Slot {
        std::shared_ptr<FuzzCallback> callback;
        bool was_used{false};
    };

    Slot& At(int32_t slot);

    // Not held while a callback is destroyed: its destructor may make a call.
    std::mutex m_mutex;
    bool m_closed{false};
    std::array<Slot, SLOTS> m_slots;
};

struct State {
    explicit State(const Bugs& planted) : bugs{planted} {}

    const Bugs bugs;
    std::atomic<int32_t> live_objects{0};
    Slots slots;
};

//! @param is_child  Whether another object makes it.
std::unique_ptr<FuzzObject> MakeFuzzObject(std::shared_ptr<State> state, int32_t id, bool is_child);

} // namespace mpfuzz::fuzz_interface
