// The server calls the client's object, and then the object in its answer. The second answer must be the right one.
// title: assertion `!"solved"' failed in mpfuzz::puzzles::NestedCallback::Enter (nested_callback.cpp)
// budget: 20s
// steps: 3
#include <tests/puzzles/puzzle_server.h>

#include <nested_callback.capnp.h>

#include <cassert>

namespace mpfuzz::puzzles {
namespace {

class NestedCallback final : public Puzzle::Server
{
    kj::Promise<void> visit(VisitContext context) override
    {
        return context.getParams().getGuide().showRequest().send().then([context](auto shown) mutable {
            auto knock{shown.getDoor().knockRequest()};
            knock.setTimes(3);
            return knock.send().then([context](auto knocked) mutable {
                Enter(knocked.getAnswer());
                context.getResults().setAnswer(knocked.getAnswer());
            });
        });
    }

    static void Enter(int answer)
    {
        if (answer == 3) assert(!"solved");
    }
};

} // namespace

capnp::Capability::Client MakePuzzle(kj::Timer&) { return kj::heap<NestedCallback>(); }

} // namespace mpfuzz::puzzles
