// A queue that overflows at the sixteenth item. Every other method removes items.
//
// Without coverage it is not found: 16 times the right one of four methods is one case in 4^16 = 4 * 10^9. With
// coverage, programs that get further are kept.
// title: assertion `!"solved"' failed in mpfuzz::puzzles::FullQueue::put (full_queue.cpp)
// budget: 60s
// steps: 18
#include <tests/puzzles/puzzle_server.h>

#include <full_queue.capnp.h>

#include <cassert>
#include <cstdint>

namespace mpfuzz::puzzles {
namespace {

class FullQueue final : public Puzzle::Server
{
    kj::Promise<void> put(PutContext context) override
    {
        ++m_length;
        if (m_length > 4) m_blocks = 2;
        if (m_length > 7) m_blocks = 3;
        if (m_length > 10) m_blocks = 4;
        if (m_length > 13) m_blocks = 5;
        if (m_length > 15) assert(!"solved");
        context.getResults().setLength(m_length);
        return kj::READY_NOW;
    }

    kj::Promise<void> take(TakeContext) override { return Shorten(1); }
    kj::Promise<void> clear(ClearContext) override { return Shorten(m_length); }
    kj::Promise<void> peek(PeekContext) override { return Shorten(m_length / 2); } // "it peeks too hard"

    kj::Promise<void> Shorten(uint32_t by)
    {
        m_length -= by < m_length ? by : m_length;
        return kj::READY_NOW;
    }

    uint32_t m_length{0};
    uint32_t m_blocks{1};
};

} // namespace

capnp::Capability::Client MakePuzzle(kj::Timer&) { return kj::heap<FullQueue>(); }

} // namespace mpfuzz::puzzles
