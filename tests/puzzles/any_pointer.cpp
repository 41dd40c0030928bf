// An AnyPointer that contains a struct of a certain type, with its last field set.
// title: assertion `!"solved"' failed in mpfuzz::puzzles::AnyPointer::give (any_pointer.cpp)
// budget: 20s
// steps: 3
#include <tests/puzzles/puzzle_server.h>

#include <any_pointer.capnp.h>

#include <cassert>

namespace mpfuzz::puzzles {
namespace {

class AnyPointer final : public Puzzle::Server
{
    kj::Promise<void> give(GiveContext context) override
    {
        const auto thing{context.getParams().getThing()};
        context.getResults().setKind(thing.isNull() ? "nothing" : "something");
        if (!thing.isStruct()) return kj::READY_NOW;
        const auto ticket{thing.getAs<Ticket>()};
        // No other struct of this schema has a third pointer.
        if (ticket.hasStamp() && ticket.getNumber() != 0) assert(!"solved");
        return kj::READY_NOW;
    }

    kj::Promise<void> take(TakeContext) override { return kj::READY_NOW; }
};

} // namespace

capnp::Capability::Client MakePuzzle(kj::Timer&) { return kj::heap<AnyPointer>(); }

} // namespace mpfuzz::puzzles
