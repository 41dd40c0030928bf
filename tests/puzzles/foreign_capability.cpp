// An object that was made by one factory, passed to a method of an object that was made by another.
// title: assertion `!"solved"' failed in mpfuzz::puzzles::VaultServer::Turn (foreign_capability.cpp)
// budget: 20s
// steps: 6
#include <tests/puzzles/puzzle_server.h>

#include <foreign_capability.capnp.h>
#include <kj/refcount.h>

#include <cassert>

namespace mpfuzz::puzzles {
namespace {

//! All keys that were forged for one client.
struct Keys : kj::Refcounted {
    capnp::CapabilityServerSet<Key> set;
};

class KeyServer final : public Key::Server
{
};

class ForgeServer final : public Forge::Server
{
public:
    explicit ForgeServer(Keys& keys) : m_keys{kj::addRef(keys)} {}

private:
    kj::Promise<void> forge(ForgeContext context) override
    {
        context.getResults().setKey(m_keys->set.add(kj::heap<KeyServer>()));
        return kj::READY_NOW;
    }

    kj::Own<Keys> m_keys;
};

class VaultServer final : public Vault::Server
{
public:
    explicit VaultServer(Keys& keys) : m_keys{kj::addRef(keys)} {}

private:
    kj::Promise<void> unlock(UnlockContext context) override
    {
        auto key{context.getParams().getKey()};
        return m_keys->set.getLocalServer(key).then([](kj::Maybe<Key::Server&> ours) { Turn(ours != nullptr); });
    }

    static void Turn(bool fits)
    {
        if (fits) assert(!"solved");
    }

    kj::Own<Keys> m_keys;
};

class ForeignCapability final : public Puzzle::Server
{
    kj::Promise<void> makeForge(MakeForgeContext context) override
    {
        context.getResults().setForge(kj::heap<ForgeServer>(*m_keys));
        return kj::READY_NOW;
    }

    kj::Promise<void> makeVault(MakeVaultContext context) override
    {
        context.getResults().setVault(kj::heap<VaultServer>(*m_keys));
        return kj::READY_NOW;
    }

    kj::Own<Keys> m_keys{kj::refcounted<Keys>()};
};

} // namespace

capnp::Capability::Client MakePuzzle(kj::Timer&) { return kj::heap<ForeignCapability>(); }

} // namespace mpfuzz::puzzles
