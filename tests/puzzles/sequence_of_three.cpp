// Three methods in order, with nothing between them.
// title: assertion `!"solved"' failed in mpfuzz::puzzles::SequenceOfThree::third (sequence_of_three.cpp)
// budget: 20s
// steps: 5
#include <tests/puzzles/puzzle_server.h>

#include <sequence_of_three.capnp.h>

#include <cassert>
#include <cstdint>

namespace mpfuzz::puzzles {
namespace {

class SequenceOfThree final : public Puzzle::Server
{
    kj::Promise<void> first(FirstContext) override
    {
        m_stage = 1;
        return kj::READY_NOW;
    }

    kj::Promise<void> second(SecondContext) override
    {
        m_stage = m_stage == 1 ? 2 : 0;
        return kj::READY_NOW;
    }

    kj::Promise<void> third(ThirdContext) override
    {
        if (m_stage == 2) assert(!"solved");
        m_stage = 0;
        return kj::READY_NOW;
    }

    kj::Promise<void> look(LookContext context) override
    {
        context.getResults().setStage(m_stage);
        m_stage = 0;
        return kj::READY_NOW;
    }

    uint8_t m_stage{0};
};

} // namespace

capnp::Capability::Client MakePuzzle(kj::Timer&) { return kj::heap<SequenceOfThree>(); }

} // namespace mpfuzz::puzzles
