// A number that one method returned, passed to another method.
// title: assertion `!"solved"' failed in mpfuzz::puzzles::ReturnedValue::redeem (returned_value.cpp)
// budget: 20s
// steps: 4
#include <tests/puzzles/puzzle_server.h>

#include <returned_value.capnp.h>

#include <cassert>
#include <cstdint>

namespace mpfuzz::puzzles {
namespace {

class ReturnedValue final : public Puzzle::Server
{
    kj::Promise<void> issue(IssueContext context) override
    {
        // One step of SplitMix64's mixing: looks random, and is the same in every run.
        uint64_t token{++m_count * 0x9e3779b97f4a7c15};
        token = (token ^ (token >> 30)) * 0xbf58476d1ce4e5b9;
        m_token = token ^ (token >> 27);
        context.getResults().setToken(m_token);
        return kj::READY_NOW;
    }

    kj::Promise<void> redeem(RedeemContext context) override
    {
        const bool valid{m_count > 0 && context.getParams().getToken() == m_token};
        if (valid) assert(!"solved");
        context.getResults().setValid(valid);
        return kj::READY_NOW;
    }

    uint64_t m_count{0};
    uint64_t m_token{0};
};

} // namespace

capnp::Capability::Client MakePuzzle(kj::Timer&) { return kj::heap<ReturnedValue>(); }

} // namespace mpfuzz::puzzles
