// A method of an object that is called after another object, on which it depends, was released.
// title: assertion `!"solved"' failed in mpfuzz::puzzles::CursorServer::read (use_after_drop.cpp)
// budget: 30s
// steps: 7
#include <tests/puzzles/puzzle_server.h>

#include <use_after_drop.capnp.h>

#include <cassert>
#include <memory>
#include <utility>

namespace mpfuzz::puzzles {
namespace {

//! Shared by a file and its cursors.
struct Link {
    bool file_is_open{true};
};

class CursorServer final : public Cursor::Server
{
public:
    explicit CursorServer(std::shared_ptr<Link> link) : m_link{std::move(link)} {}

private:
    kj::Promise<void> read(ReadContext) override
    {
        if (!m_link->file_is_open) assert(!"solved");
        return kj::READY_NOW;
    }

    std::shared_ptr<Link> m_link;
};

class FileServer final : public File::Server
{
public:
    ~FileServer() { m_link->file_is_open = false; }

private:
    kj::Promise<void> scan(ScanContext context) override
    {
        context.getResults().setCursor(kj::heap<CursorServer>(m_link));
        return kj::READY_NOW;
    }

    std::shared_ptr<Link> m_link{std::make_shared<Link>()};
};

class UseAfterDrop final : public Puzzle::Server
{
    kj::Promise<void> open(OpenContext context) override
    {
        context.getResults().setFile(kj::heap<FileServer>());
        return kj::READY_NOW;
    }
};

} // namespace

capnp::Capability::Client MakePuzzle(kj::Timer&) { return kj::heap<UseAfterDrop>(); }

} // namespace mpfuzz::puzzles
