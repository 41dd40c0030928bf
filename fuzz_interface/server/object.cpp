#include <fuzz_interface/interface/transform.h>
#include <fuzz_interface/server/state.h>

#include <mutex>
#include <utility>

namespace mpfuzz::fuzz_interface {

namespace {

class Object final : public FuzzObject
{
public:
    Object(std::shared_ptr<State> state, int32_t id, bool is_child)
        : m_state{std::move(state)}, m_id{id}, m_is_child{is_child}
    {
        ++m_state->live_objects;
    }

    ~Object() override
    {
        --m_state->live_objects;
        // PLANTED BUG double-release
        if (m_is_child && m_state->bugs.double_release) --m_state->live_objects;
    }

    int32_t id() override { return m_id; }

    uint64_t visit(uint64_t token) override
    {
        const std::lock_guard lock{m_mutex};
        // PLANTED BUG order-lost
        if (++m_visits == 3 && m_state->bugs.order_lost) m_last = m_first;
        m_last = NextVisit(m_id, m_last, token);
        if (m_visits == 1) m_first = m_last;
        return m_last;
    }

    std::unique_ptr<FuzzObject> makeChild(int32_t id) override
    {
        // PLANTED BUG child-is-parent
        return MakeFuzzObject(m_state, m_state->bugs.child_is_parent ? m_id : id, /*is_child=*/true);
    }

private:
    const std::shared_ptr<State> m_state;
    const int32_t m_id;
    const bool m_is_child;

    std::mutex m_mutex;
    uint64_t m_visits{0};
    uint64_t m_first{0};
    uint64_t m_last{0};
};

} // namespace

std::unique_ptr<FuzzObject> MakeFuzzObject(std::shared_ptr<State> state, int32_t id, bool is_child)
{
    return std::make_unique<Object>(std::move(state), id, is_child);
}

} // namespace mpfuzz::fuzz_interface
