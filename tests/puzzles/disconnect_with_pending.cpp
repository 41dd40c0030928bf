// The client disconnects while the server has not answered one of its calls, after an earlier call has armed the bug.
//
// The call needs a code from an earlier answer, so the server has nothing to write when the client disconnects.
// Otherwise the failed write would tell it about the disconnect before it has read the call.
// title: assertion `!"solved"' failed in mpfuzz::puzzles::Held::~Held (disconnect_with_pending.cpp)
// budget: 20s
// steps: 4
#include <tests/puzzles/puzzle_server.h>

#include <disconnect_with_pending.capnp.h>

#include <cassert>
#include <cstdint>

namespace mpfuzz::puzzles {
namespace {

//! Attached to the promise of an unanswered call: destroyed together with it.
class Held
{
public:
    explicit Held(const bool& armed) : m_armed{armed} {}
    ~Held()
    {
        if (m_armed) assert(!"solved");
    }
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;

private:
    const bool& m_armed;
};

class DisconnectWithPending final : public Puzzle::Server
{
    kj::Promise<void> arm(ArmContext context) override
    {
        m_armed = true;
        m_code += 0x9e3779b97f4a7c15; // cannot be guessed: a client that knows it has waited for the answer
        context.getResults().setCode(m_code);
        return kj::READY_NOW;
    }

    kj::Promise<void> hold(HoldContext context) override
    {
        if (m_code == 0 || context.getParams().getCode() != m_code) return kj::READY_NOW;
        // Without this, the call would not end with its connection.
        context.releaseParams();
        AllowCancellation(context);
        kj::Promise<void> never{kj::NEVER_DONE};
        return never.attach(kj::heap<Held>(m_armed));
    }

    kj::Promise<void> disarm(DisarmContext) override
    {
        m_armed = false;
        return kj::READY_NOW;
    }

    uint64_t m_code{0};
    bool m_armed{false};
};

} // namespace

capnp::Capability::Client MakePuzzle(kj::Timer&) { return kj::heap<DisconnectWithPending>(); }

} // namespace mpfuzz::puzzles
