// A certain member of a union, three levels deep in a recursive struct, where each level is reached in a certain way.
// title: assertion `!"solved"' failed in mpfuzz::puzzles::UnionInTree::Climb (union_in_tree.cpp)
// budget: 30s
// steps: 3
#include <tests/puzzles/puzzle_server.h>

#include <union_in_tree.capnp.h>

#include <cassert>
#include <cstdint>

namespace mpfuzz::puzzles {
namespace {

class UnionInTree final : public Puzzle::Server
{
    kj::Promise<void> climb(ClimbContext context) override
    {
        context.getResults().setHeight(Climb(context.getParams().getTree()));
        return kj::READY_NOW;
    }

    static uint8_t Climb(Tree::Reader root)
    {
        if (!root.isFork()) return 0;
        const Tree::Reader bough{root.getFork().getRight()};
        if (!bough.isFork()) return 1;
        const Tree::Reader branch{bough.getFork().getLeft()};
        if (!branch.isTwig()) return 2;
        const Tree::Reader twig{branch.getTwig()};
        if (twig.isNest()) assert(!"solved");
        return 3;
    }
};

} // namespace

capnp::Capability::Client MakePuzzle(kj::Timer&) { return kj::heap<UnionInTree>(); }

} // namespace mpfuzz::puzzles
