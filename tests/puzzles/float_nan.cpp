// A Float64 that is neither below, nor within, nor above the range: not a number.
// title: assertion `!"solved"' failed in mpfuzz::puzzles::FloatNan::Label (float_nan.cpp)
// budget: 20s
// steps: 3
#include <tests/puzzles/puzzle_server.h>

#include <float_nan.capnp.h>

#include <cassert>

namespace mpfuzz::puzzles {
namespace {

class FloatNan final : public Puzzle::Server
{
    kj::Promise<void> weigh(WeighContext context) override
    {
        context.getResults().setLabel(Label(context.getParams().getGrams()));
        return kj::READY_NOW;
    }

    static const char* Label(double grams)
    {
        if (grams < 0) return "impossible";
        if (grams <= 1000) return "light";
        if (grams > 1000) return "heavy";
        assert(!"solved");
        return "";
    }
};

} // namespace

capnp::Capability::Client MakePuzzle(kj::Timer&) { return kj::heap<FloatNan>(); }

} // namespace mpfuzz::puzzles
