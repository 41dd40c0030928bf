#include <mpfuzz/peer/pump.h>

#include <kj/debug.h>

namespace mpfuzz::peer {
namespace {

constexpr size_t BUFFER_BYTES{64 * 1024};

} // namespace

Pump::Pump(kj::AsyncIoStream& from, kj::AsyncIoStream& to, kj::Timer& timer, std::vector<Perturbation> kinds,
           base::Rng rng, Show show)
    : m_from{from}, m_to{to}, m_timer{timer}, m_kinds{std::move(kinds)}, m_rng{rng}, m_show{std::move(show)},
      m_buffer(BUFFER_BYTES)
{
}

kj::Promise<void> Pump::Run()
{
    return m_from.tryRead(m_buffer.data(), 1, m_buffer.size()).then([this](size_t size) -> kj::Promise<void> {
        if (size == 0) {
            return PassRest().then([this] { m_to.shutdownWrite(); });
        }
        return Pass(size).then([this] { return Run(); });
    });
}

kj::Promise<void> Pump::Pass(size_t size)
{
    const std::span<const kj::byte> bytes{m_buffer.data(), size};
    m_frames.Feed(bytes, [&](kj::ArrayPtr<const capnp::word> message) {
        m_sizes.push_back(message.size() * sizeof(capnp::word));
        m_show(message);
    });
    if (m_kinds.empty()) {
        m_sizes.clear();
        return m_to.write(m_buffer.data(), size);
    }
    m_held.insert(m_held.end(), bytes.begin(), bytes.end());
    return PassMessages(0).then([this]() -> kj::Promise<void> {
        // Nothing tells where a message ends any more.
        if (m_frames.Broken()) return PassRest();
        return kj::READY_NOW;
    });
}

kj::Promise<void> Pump::PassMessages(size_t message)
{
    if (m_sizes.empty()) return kj::READY_NOW;
    if (message == m_sizes.size()) {
        size_t passed{0};
        for (const size_t size : m_sizes) passed += size;
        m_held.erase(m_held.begin(), m_held.begin() + static_cast<ptrdiff_t>(passed));
        m_sizes.clear();
        return kj::READY_NOW;
    }
    size_t begin{0};
    for (size_t i{0}; i < message; ++i) begin += m_sizes[i];
    Passage passage{PlanPassage(m_kinds, m_sizes[message], m_rng)};
    auto held{passage.hold.count() > 0 ? m_timer.afterDelay(passage.hold.count() * kj::MILLISECONDS)
                                       : kj::Promise<void>{kj::READY_NOW}};
    return held
        .then(
            [this, begin, passage = std::move(passage)]() mutable { return PassPlanned(begin, std::move(passage), 0); })
        .then([this, message] { return PassMessages(message + 1); });
}

kj::Promise<void> Pump::PassPlanned(size_t begin, Passage passage, size_t piece)
{
    if (piece == passage.pieces.size()) {
        KJ_REQUIRE(!passage.cut, "the connection is cut on purpose");
        return kj::READY_NOW;
    }
    const size_t size{passage.pieces[piece]};
    return m_to
        .write(m_held.data() + begin, size)
        // Behind whatever else is to be done now: pieces that go out at once arrive as one.
        .then([] { return kj::evalLast([] {}); })
        .then([this, begin, size, piece, passage = std::move(passage)]() mutable {
            return PassPlanned(begin + size, std::move(passage), piece + 1);
        });
}

kj::Promise<void> Pump::PassRest()
{
    if (m_held.empty()) return kj::READY_NOW;
    auto rest{kj::heap(std::move(m_held))};
    m_held.clear();
    auto written{m_to.write(rest->data(), rest->size())};
    return written.attach(kj::mv(rest));
}

} // namespace mpfuzz::peer
