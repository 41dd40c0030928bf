#include <mpfuzz/peer/pump.h>

#include <kj/debug.h>

#include <algorithm>
#include <array>

namespace mpfuzz::peer {
namespace {

// All numbers here are guesses, unmeasured.
constexpr uint64_t DELAY_ODDS{4};
constexpr uint64_t DROP_ODDS{32};
constexpr int64_t MAX_DELAY_MS{50};
constexpr size_t MAX_PIECES{64};
constexpr size_t SMALL_PIECE{7};

constexpr size_t BUFFER_BYTES{64 * 1024};

} // namespace

std::span<const PerturbationInfo> Perturbations()
{
    static constexpr std::array PERTURBATIONS{
        PerturbationInfo{Perturbation::DELAY, "delay", "holds some messages back for up to 50 ms"},
        PerturbationInfo{Perturbation::SPLIT, "split", "writes in small pieces"},
        PerturbationInfo{Perturbation::DROP, "drop", "sometimes cuts the connection in the middle of a message"},
    };
    return PERTURBATIONS;
}

std::optional<Perturbation> FindPerturbation(std::string_view name)
{
    for (const PerturbationInfo& info : Perturbations()) {
        if (info.name == name) return info.kind;
    }
    return std::nullopt;
}

RelayPlan PlanRelay(const std::vector<Perturbation>& kinds, size_t size, base::Rng& rng)
{
    const auto has{[&](Perturbation kind) { return std::ranges::count(kinds, kind) > 0; }};
    RelayPlan plan;
    if (has(Perturbation::DELAY) && rng.OneIn(DELAY_ODDS))
        plan.hold = std::chrono::milliseconds{rng.Range(1, MAX_DELAY_MS)};
    if (has(Perturbation::DROP) && size > 1 && rng.OneIn(DROP_ODDS)) {
        plan.cut = true;
        size = 1 + rng.Below(size - 1);
    }
    if (!has(Perturbation::SPLIT)) {
        plan.pieces = {size};
        return plan;
    }
    const size_t largest{std::max(SMALL_PIECE, 2 * (size / MAX_PIECES + 1))};
    while (size > 0) {
        const size_t piece{1 + rng.Below(std::min(largest, size))};
        plan.pieces.push_back(piece);
        size -= piece;
    }
    return plan;
}

Pump::Pump(kj::AsyncIoStream& from, kj::AsyncIoStream& to, kj::Timer& timer, std::vector<Perturbation> kinds,
           base::Rng rng, OnMessage on_message)
    : m_from{from}, m_to{to}, m_timer{timer}, m_kinds{std::move(kinds)}, m_rng{rng}, m_on_message{std::move(
                                                                                         on_message)},
      m_buffer(BUFFER_BYTES)
{
}

kj::Promise<void> Pump::RelayAll()
{
    return m_from.tryRead(m_buffer.data(), 1, m_buffer.size()).then([this](size_t size) -> kj::Promise<void> {
        if (size == 0) {
            return RelayRest().then([this] { m_to.shutdownWrite(); });
        }
        return Relay(size).then([this] { return RelayAll(); });
    });
}

kj::Promise<void> Pump::Relay(size_t size)
{
    const std::span<const kj::byte> bytes{m_buffer.data(), size};
    m_frames.Feed(bytes, [&](kj::ArrayPtr<const capnp::word> message) {
        m_sizes.push_back(message.size() * sizeof(capnp::word));
        m_on_message(message);
    });
    if (m_kinds.empty()) {
        m_sizes.clear();
        return m_to.write(m_buffer.data(), size);
    }
    m_held.insert(m_held.end(), bytes.begin(), bytes.end());
    return RelayMessages(0).then([this]() -> kj::Promise<void> {
        // We no longer know where a message ends.
        if (m_frames.Broken()) return RelayRest();
        return kj::READY_NOW;
    });
}

kj::Promise<void> Pump::RelayMessages(size_t message)
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
    RelayPlan plan{PlanRelay(m_kinds, m_sizes[message], m_rng)};
    auto held{plan.hold.count() > 0 ? m_timer.afterDelay(plan.hold.count() * kj::MILLISECONDS)
                                    : kj::Promise<void>{kj::READY_NOW}};
    return held
        .then([this, begin, plan = std::move(plan)]() mutable { return RelayPlanned(begin, std::move(plan), 0); })
        .then([this, message] { return RelayMessages(message + 1); });
}

kj::Promise<void> Pump::RelayPlanned(size_t begin, RelayPlan plan, size_t piece)
{
    if (piece == plan.pieces.size()) {
        KJ_REQUIRE(!plan.cut, "the connection is cut on purpose");
        return kj::READY_NOW;
    }
    const size_t size{plan.pieces[piece]};
    return m_to
        .write(m_held.data() + begin, size)
        // Run other events between two pieces. Otherwise the reader would receive the pieces as one.
        .then([] { return kj::evalLast([] {}); })
        .then([this, begin, size, piece, plan = std::move(plan)]() mutable {
            return RelayPlanned(begin + size, std::move(plan), piece + 1);
        });
}

kj::Promise<void> Pump::RelayRest()
{
    if (m_held.empty()) return kj::READY_NOW;
    auto rest{kj::heap(std::move(m_held))};
    m_held.clear();
    auto written{m_to.write(rest->data(), rest->size())};
    return written.attach(kj::mv(rest));
}

} // namespace mpfuzz::peer
