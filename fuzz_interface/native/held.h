// An object of ours that the peer may call.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace mpfuzz::fuzz_interface::native {

//! Until it is taken away: by `destroy`, or by the end of the call that lent it. A call that runs keeps the object.
template<typename T>
class Held
{
public:
    explicit Held(std::shared_ptr<T> object) : m_object{std::move(object)} {}

    //! Any thread; null where it was taken.
    std::shared_ptr<T> Get()
    {
        const std::lock_guard lock{m_mutex};
        return m_object;
    }

    //! Any thread; null where it was taken before.
    std::shared_ptr<T> Take()
    {
        const std::lock_guard lock{m_mutex};
        return std::move(m_object);
    }

private:
    std::mutex m_mutex;
    std::shared_ptr<T> m_object; // Guarded by m_mutex.
};

} // namespace mpfuzz::fuzz_interface::native
