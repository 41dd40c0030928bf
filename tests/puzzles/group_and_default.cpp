// Eight Bools of a group, all of which must differ from their defaults.
// title: assertion `!"solved"' failed in mpfuzz::puzzles::GroupAndDefault::set (group_and_default.cpp)
// budget: 60s
// steps: 3
#include <tests/puzzles/puzzle_server.h>

#include <group_and_default.capnp.h>

#include <cassert>

namespace mpfuzz::puzzles {
namespace {

class GroupAndDefault final : public Puzzle::Server
{
    kj::Promise<void> set(SetContext context) override
    {
        const auto on{context.getParams().getSettings().getSwitches()};
        if (on.getLamp()) return kj::READY_NOW;
        if (!on.getFan()) return kj::READY_NOW;
        if (on.getHeater()) return kj::READY_NOW;
        if (!on.getPump()) return kj::READY_NOW;
        if (on.getAlarm()) return kj::READY_NOW;
        if (on.getRadio()) return kj::READY_NOW;
        if (!on.getGate()) return kj::READY_NOW;
        if (on.getValve()) assert(!"solved");
        return kj::READY_NOW;
    }
};

} // namespace

capnp::Capability::Client MakePuzzle(kj::Timer&) { return kj::heap<GroupAndDefault>(); }

} // namespace mpfuzz::puzzles
