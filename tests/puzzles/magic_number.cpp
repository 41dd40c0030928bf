// A UInt32 that equals a constant. The server compares four bits at a time, the highest first.
// title: assertion `!"solved"' failed in mpfuzz::puzzles::MagicNumber::Match (magic_number.cpp)
// budget: 60s
// steps: 3
#include <tests/puzzles/puzzle_server.h>

#include <magic_number.capnp.h>

#include <cassert>
#include <cstdint>

namespace mpfuzz::puzzles {
namespace {

// Not a number that the generator prefers.
constexpr uint32_t KEY{0x5c1d93a7};

class MagicNumber final : public Puzzle::Server
{
    kj::Promise<void> open(OpenContext context) override
    {
        context.getResults().setRight(Match(context.getParams().getKey() ^ KEY));
        return kj::READY_NOW;
    }

    //! Returns how many groups of four bits are right.
    static uint8_t Match(uint32_t difference)
    {
        if ((difference & 0xf0000000) != 0) return 0;
        if ((difference & 0x0f000000) != 0) return 1;
        if ((difference & 0x00f00000) != 0) return 2;
        if ((difference & 0x000f0000) != 0) return 3;
        if ((difference & 0x0000f000) != 0) return 4;
        if ((difference & 0x00000f00) != 0) return 5;
        if ((difference & 0x000000f0) != 0) return 6;
        if ((difference & 0x0000000f) == 0) assert(!"solved");
        return 7;
    }
};

} // namespace

capnp::Capability::Client MakePuzzle(kj::Timer&) { return kj::heap<MagicNumber>(); }

} // namespace mpfuzz::puzzles
