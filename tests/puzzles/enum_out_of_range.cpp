// An enum value that the schema does not declare.
// title: assertion `!"solved"' failed in mpfuzz::puzzles::EnumOutOfRange::Hex (enum_out_of_range.cpp)
// budget: 20s
// steps: 3
#include <tests/puzzles/puzzle_server.h>

#include <enum_out_of_range.capnp.h>

#include <cassert>

namespace mpfuzz::puzzles {
namespace {

class EnumOutOfRange final : public Puzzle::Server
{
    kj::Promise<void> paint(PaintContext context) override
    {
        context.getResults().setHex(Hex(context.getParams().getColour()));
        return kj::READY_NOW;
    }

    static const char* Hex(Colour colour)
    {
        switch (colour) {
        case Colour::RED: return "#ff0000";
        case Colour::GREEN: return "#00ff00";
        case Colour::BLUE: return "#0000ff";
        }
        assert(!"solved");
        return "";
    }
};

} // namespace

capnp::Capability::Client MakePuzzle(kj::Timer&) { return kj::heap<EnumOutOfRange>(); }

} // namespace mpfuzz::puzzles
