// A lock that two connections hold at the same time.
// title: assertion `!"solved"' failed in mpfuzz::puzzles::Locks::Check (two_connections.cpp)
// budget: 30s
// steps: 6
// race: between two connections
#include <tests/puzzles/puzzle_server.h>

#include <two_connections.capnp.h>

#include <algorithm>
#include <cassert>
#include <vector>

namespace mpfuzz::puzzles {
namespace {

constexpr auto CLEANUP_TIME{5 * kj::MILLISECONDS};

//! For each lock that is held, the Puzzle of the connection that holds it. Shared by all connections.
struct Locks {
    std::vector<const void*> owners;

    void Check() const
    {
        for (const void* owner : owners) {
            if (owner != owners.front()) assert(!"solved");
        }
    }
};

Locks& GetLocks()
{
    static Locks locks;
    return locks;
}

class LockServer final : public Lock::Server
{
public:
    explicit LockServer(const void* owner) : m_owner{owner} { GetLocks().owners.push_back(owner); }
    ~LockServer()
    {
        auto& owners{GetLocks().owners};
        owners.erase(std::find(owners.begin(), owners.end(), m_owner));
    }

private:
    const void* m_owner;
};

class TwoConnections final : public Puzzle::Server
{
public:
    explicit TwoConnections(kj::Timer& timer) : m_timer{timer} {}

private:
    kj::Promise<void> acquire(AcquireContext context) override
    {
        context.getResults().setLock(kj::heap<LockServer>(this));
        // Wait a little, so that connections of clients that have disconnected are cleaned up first.
        return m_timer.afterDelay(CLEANUP_TIME).then([] { GetLocks().Check(); });
    }

    kj::Timer& m_timer;
};

} // namespace

capnp::Capability::Client MakePuzzle(kj::Timer& timer) { return kj::heap<TwoConnections>(timer); }

} // namespace mpfuzz::puzzles
