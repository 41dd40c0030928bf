// A Text that equals a word of eight letters, compared letter by letter.
// title: assertion `!"solved"' failed in mpfuzz::puzzles::MagicString::Match (magic_string.cpp)
// budget: 90s
// steps: 3
#include <tests/puzzles/puzzle_server.h>

#include <magic_string.capnp.h>

#include <cassert>
#include <cstddef>
#include <cstdint>

namespace mpfuzz::puzzles {
namespace {

class MagicString final : public Puzzle::Server
{
    kj::Promise<void> say(SayContext context) override
    {
        context.getResults().setRight(Match(context.getParams().getWord()));
        return kj::READY_NOW;
    }

    //! Returns how many letters are right. The text ends with a NUL, so nothing is read beyond its end.
    static uint8_t Match(capnp::Text::Reader word)
    {
        const char* letters{word.cStr()};
        if (letters[0] != 'x') return 0;
        if (letters[1] != 'y') return 1;
        if (letters[2] != 'l') return 2;
        if (letters[3] != 'i') return 3;
        if (letters[4] != 't') return 4;
        if (letters[5] != 'o') return 5;
        if (letters[6] != 'l') return 6;
        if (letters[7] != 's') return 7;
        if (word.size() == 8) assert(!"solved");
        return 8;
    }
};

} // namespace

capnp::Capability::Client MakePuzzle(kj::Timer&) { return kj::heap<MagicString>(); }

} // namespace mpfuzz::puzzles
