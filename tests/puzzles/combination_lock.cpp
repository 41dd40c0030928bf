// Four calls in a row, each with the right UInt8.
//
// Without coverage, even a generator that prefers numbers up to 20 finds four in a row once in some millions of
// programs. With coverage, it finds one after the other.
// title: assertion `!"solved"' failed in mpfuzz::puzzles::CombinationLock::Turn (combination_lock.cpp)
// budget: 60s
// steps: 6
#include <tests/puzzles/puzzle_server.h>

#include <combination_lock.capnp.h>

#include <cassert>
#include <cstdint>

namespace mpfuzz::puzzles {
namespace {

class CombinationLock final : public Puzzle::Server
{
    kj::Promise<void> dial(DialContext context) override
    {
        const bool click{Turn(context.getParams().getNumber())};
        m_dial = click ? m_dial + 1 : 0;
        context.getResults().setClick(click);
        return kj::READY_NOW;
    }

    bool Turn(uint8_t number) const
    {
        switch (m_dial) {
        case 0: return number == 17;
        case 1: return number == 4;
        case 2: return number == 11;
        default:
            if (number == 19) assert(!"solved");
            return false;
        }
    }

    kj::Promise<void> reset(ResetContext) override
    {
        m_dial = 0;
        return kj::READY_NOW;
    }

    int m_dial{0};
};

} // namespace

capnp::Capability::Client MakePuzzle(kj::Timer&) { return kj::heap<CombinationLock>(); }

} // namespace mpfuzz::puzzles
