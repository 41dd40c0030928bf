// Ten right moves in a row. A wrong one leads back to the start.
//
// There are six methods, and three of them take one of two sides. Without coverage, the ten moves come up once in
// 6^10 * 2^6 tries, which is about 4 * 10^9. With coverage, each level takes a few dozen tries of the right mutator.
// title: assertion `!"solved"' failed in mpfuzz::puzzles::TenDeep::Go (ten_deep.cpp)
// budget: 120s
// steps: 12
#include <tests/puzzles/puzzle_server.h>

#include <ten_deep.capnp.h>

#include <cassert>
#include <cstdint>

namespace mpfuzz::puzzles {
namespace {

enum class Move { CLIMB, CRAWL, JUMP, OPEN_LEFT, OPEN_RIGHT, TURN_LEFT, TURN_RIGHT, SWIM_LEFT, SWIM_RIGHT, LOST };

class TenDeep final : public Puzzle::Server
{
    kj::Promise<void> climb(ClimbContext) override { return Go(Move::CLIMB); }
    kj::Promise<void> crawl(CrawlContext) override { return Go(Move::CRAWL); }
    kj::Promise<void> jump(JumpContext) override { return Go(Move::JUMP); }
    kj::Promise<void> open(OpenContext context) override
    {
        return Go(Sided(context.getParams().getSide(), Move::OPEN_LEFT, Move::OPEN_RIGHT));
    }
    kj::Promise<void> turn(TurnContext context) override
    {
        return Go(Sided(context.getParams().getSide(), Move::TURN_LEFT, Move::TURN_RIGHT));
    }
    kj::Promise<void> swim(SwimContext context) override
    {
        return Go(Sided(context.getParams().getSide(), Move::SWIM_LEFT, Move::SWIM_RIGHT));
    }

    static Move Sided(Side side, Move left, Move right)
    {
        if (side == Side::LEFT) return left;
        return side == Side::RIGHT ? right : Move::LOST;
    }

    //! Each depth has its own line, so that reaching it gives new coverage.
    kj::Promise<void> Go(Move move)
    {
        switch (m_depth) {
        case 0: Step(move == Move::OPEN_RIGHT); break;
        case 1: Step(move == Move::CRAWL); break;
        case 2: Step(move == Move::TURN_LEFT); break;
        case 3: Step(move == Move::SWIM_RIGHT); break;
        case 4: Step(move == Move::CLIMB); break;
        case 5: Step(move == Move::TURN_RIGHT); break;
        case 6: Step(move == Move::JUMP); break;
        case 7: Step(move == Move::OPEN_LEFT); break;
        case 8: Step(move == Move::CRAWL); break;
        case 9:
            if (move == Move::SWIM_LEFT) assert(!"solved");
            Step(false);
            break;
        }
        return kj::READY_NOW;
    }

    void Step(bool right) { m_depth = right ? m_depth + 1 : 0; }

    int m_depth{0};
};

} // namespace

capnp::Capability::Client MakePuzzle(kj::Timer&) { return kj::heap<TenDeep>(); }

} // namespace mpfuzz::puzzles
