// Two live, distinct objects of the server, passed to one call.
// title: assertion `!"solved"' failed in mpfuzz::puzzles::TwoObjects::Count (two_objects.cpp)
// budget: 20s
// steps: 5
#include <tests/puzzles/puzzle_server.h>

#include <two_objects.capnp.h>

#include <cassert>
#include <cstdint>

namespace mpfuzz::puzzles {
namespace {

class CoinServer final : public Coin::Server
{
public:
    explicit CoinServer(uint32_t value) : m_value{value} {}

private:
    kj::Promise<void> value(ValueContext context) override
    {
        context.getResults().setValue(m_value);
        return kj::READY_NOW;
    }

    uint32_t m_value;
};

const Coin::Server* ToPointer(kj::Maybe<Coin::Server&> coin)
{
    KJ_IF_MAYBE (server, coin) return server;
    return nullptr;
}

class TwoObjects final : public Puzzle::Server
{
    kj::Promise<void> mint(MintContext context) override
    {
        context.getResults().setCoin(m_coins.add(kj::heap<CoinServer>(context.getParams().getValue())));
        return kj::READY_NOW;
    }

    kj::Promise<void> pair(PairContext context) override
    {
        auto first{context.getParams().getFirst()};
        return m_coins.getLocalServer(first).then([this, context](kj::Maybe<Coin::Server&> found) mutable {
            const auto* one{ToPointer(found)};
            auto second{context.getParams().getSecond()};
            return m_coins.getLocalServer(second).then([one, context](kj::Maybe<Coin::Server&> found_too) mutable {
                const auto* other{ToPointer(found_too)};
                context.getResults().setOurs(Count(one, other));
            });
        });
    }

    static uint8_t Count(const Coin::Server* one, const Coin::Server* other)
    {
        if (one == nullptr && other == nullptr) return 0;
        if (one == nullptr || other == nullptr || one == other) return 1;
        assert(!"solved");
        return 2;
    }

    capnp::CapabilityServerSet<Coin> m_coins;
};

} // namespace

capnp::Capability::Client MakePuzzle(kj::Timer&) { return kj::heap<TwoObjects>(); }

} // namespace mpfuzz::puzzles
