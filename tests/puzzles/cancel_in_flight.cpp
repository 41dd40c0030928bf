// A call that is cancelled while it is unanswered. The next call notices it.
// title: assertion `!"solved"' failed in mpfuzz::puzzles::CancelInFlight::check (cancel_in_flight.cpp)
// budget: 20s
// steps: 5
#include <tests/puzzles/puzzle_server.h>

#include <cancel_in_flight.capnp.h>

#include <cassert>
#include <cstdint>
#include <memory>
#include <utility>

namespace mpfuzz::puzzles {
namespace {

struct Waiters {
    uint32_t began{0};
    uint32_t left{0};
};

//! Attached to the promise of a call to wait(): destroyed together with it.
class Waiting
{
public:
    explicit Waiting(std::shared_ptr<Waiters> waiters) : m_waiters{std::move(waiters)} { ++m_waiters->began; }
    ~Waiting() { ++m_waiters->left; }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

private:
    std::shared_ptr<Waiters> m_waiters;
};

class CancelInFlight final : public Puzzle::Server
{
    kj::Promise<void> wait(WaitContext context) override
    {
        context.releaseParams();
        AllowCancellation(context);
        kj::Promise<void> never{kj::NEVER_DONE};
        return never.attach(kj::heap<Waiting>(m_waiters));
    }

    kj::Promise<void> check(CheckContext context) override
    {
        if (m_waiters->left > 0) assert(!"solved");
        context.getResults().setWaiting(m_waiters->began);
        return kj::READY_NOW;
    }

    std::shared_ptr<Waiters> m_waiters{std::make_shared<Waiters>()};
};

} // namespace

capnp::Capability::Client MakePuzzle(kj::Timer&) { return kj::heap<CancelInFlight>(); }

} // namespace mpfuzz::puzzles
