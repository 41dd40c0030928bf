// An inherited method, called right after one of the object's own methods.
// title: assertion `!"solved"' failed in mpfuzz::puzzles::FileServer::close (inherited_method.cpp)
// budget: 20s
// steps: 5
#include <tests/puzzles/puzzle_server.h>

#include <inherited_method.capnp.h>

#include <cassert>

namespace mpfuzz::puzzles {
namespace {

class FileServer final : public File::Server
{
    kj::Promise<void> close(CloseContext context) override
    {
        if (m_dirty) assert(!"solved");
        context.getResults().setWas("clean");
        return kj::READY_NOW;
    }

    kj::Promise<void> write(WriteContext) override
    {
        m_dirty = true;
        return kj::READY_NOW;
    }

    kj::Promise<void> flush(FlushContext) override
    {
        m_dirty = false;
        return kj::READY_NOW;
    }

    bool m_dirty{false};
};

class InheritedMethod final : public Puzzle::Server
{
    kj::Promise<void> open(OpenContext context) override
    {
        context.getResults().setFile(kj::heap<FileServer>());
        return kj::READY_NOW;
    }
};

} // namespace

capnp::Capability::Client MakePuzzle(kj::Timer&) { return kj::heap<InheritedMethod>(); }

} // namespace mpfuzz::puzzles
