// A two-by-two list of lists of Bool in which exactly the diagonal is true.
// title: assertion `!"solved"' failed in mpfuzz::puzzles::BoolMatrix::Judge (bool_matrix.cpp)
// budget: 60s
// steps: 3
#include <tests/puzzles/puzzle_server.h>

#include <bool_matrix.capnp.h>

#include <cassert>

namespace mpfuzz::puzzles {
namespace {

class BoolMatrix final : public Puzzle::Server
{
    kj::Promise<void> play(PlayContext context) override
    {
        Judge(context.getParams().getBoard());
        return kj::READY_NOW;
    }

    static void Judge(capnp::List<capnp::List<bool>>::Reader board)
    {
        if (board.size() != 2) return;
        if (!IsRow(board[0], true, false)) return;
        if (!IsRow(board[1], false, true)) return;
        assert(!"solved");
    }

    static bool IsRow(capnp::List<bool>::Reader row, bool left, bool right)
    {
        if (row.size() != 2) return false;
        return row[0] == left && row[1] == right;
    }
};

} // namespace

capnp::Capability::Client MakePuzzle(kj::Timer&) { return kj::heap<BoolMatrix>(); }

} // namespace mpfuzz::puzzles
