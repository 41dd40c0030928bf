// The bytes that an object of a generic interface returned, passed back with only the first byte changed.
// title: assertion `!"solved"' failed in mpfuzz::puzzles::DataBox::put (generic_box.cpp)
// budget: 30s
// steps: 5
#include <tests/puzzles/puzzle_server.h>

#include <generic_box.capnp.h>
#include <kj/string.h>

#include <algorithm>
#include <array>
#include <cassert>

namespace mpfuzz::puzzles {
namespace {

// Cannot be guessed.
constexpr std::array<kj::byte, 16> CONTENT{0x3b, 0xe7, 0x92, 0x0c, 0xd5, 0x61, 0xaf, 0x18,
                                           0x74, 0xfe, 0x29, 0x83, 0x46, 0xba, 0x5d, 0xc1};

class DataBox final : public Box<capnp::Data>::Server
{
    kj::Promise<void> get(GetContext context) override
    {
        context.getResults().setValue(kj::arrayPtr(CONTENT.data(), CONTENT.size()));
        return kj::READY_NOW;
    }

    kj::Promise<void> put(PutContext context) override
    {
        const auto value{context.getParams().getValue()};
        if (value.size() != CONTENT.size() || value[0] == CONTENT[0]) return kj::READY_NOW;
        if (std::equal(value.begin() + 1, value.end(), CONTENT.begin() + 1)) assert(!"solved");
        return kj::READY_NOW;
    }
};

class TextBox final : public Box<capnp::Text>::Server
{
};

class GenericBox final : public Puzzle::Server
{
    kj::Promise<void> pack(PackContext context) override
    {
        context.getResults().setBox(kj::heap<DataBox>());
        return kj::READY_NOW;
    }

    kj::Promise<void> wrap(WrapContext context) override
    {
        context.getResults().setBox(kj::heap<TextBox>());
        return kj::READY_NOW;
    }
};

} // namespace

capnp::Capability::Client MakePuzzle(kj::Timer&) { return kj::heap<GenericBox>(); }

} // namespace mpfuzz::puzzles
