// A list of exactly 13 elements.
// title: assertion `!"solved"' failed in mpfuzz::puzzles::ExactList::Judge (exact_list.cpp)
// budget: 20s
// steps: 3
#include <tests/puzzles/puzzle_server.h>

#include <exact_list.capnp.h>

#include <cassert>
#include <cstdint>

namespace mpfuzz::puzzles {
namespace {

class ExactList final : public Puzzle::Server
{
    kj::Promise<void> count(CountContext context) override
    {
        context.getResults().setVerdict(Judge(context.getParams().getItems()));
        return kj::READY_NOW;
    }

    static const char* Judge(capnp::List<uint16_t>::Reader items)
    {
        if (items.size() <= 4) return "far too few";
        if (items.size() <= 8) return "too few";
        if (items.size() < 13) return "a few too few";
        if (items.size() > 13) return "too many";
        assert(!"solved");
        return "";
    }
};

} // namespace

capnp::Capability::Client MakePuzzle(kj::Timer&) { return kj::heap<ExactList>(); }

} // namespace mpfuzz::puzzles
