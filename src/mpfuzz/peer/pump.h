#pragma once

#include <mpfuzz/base/rng.h>
#include <mpfuzz/peer/frames.h>

#include <kj/async-io.h>
#include <kj/timer.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace mpfuzz::peer {

//! How a proxy can disturb the relayed bytes. No perturbation changes, adds or reorders a byte.
enum class Perturbation : uint8_t {
    DELAY, //!< delay some messages, and everything after them, by up to 50 ms
    SPLIT, //!< write in small pieces
    DROP,  //!< sometimes cut the connection in the middle of a message
};

struct PerturbationInfo {
    Perturbation kind;
    std::string_view name;
    std::string_view description;
};

//! The only list of perturbations.
std::span<const PerturbationInfo> Perturbations();

//! nullopt if no perturbation has this name.
std::optional<Perturbation> FindPerturbation(std::string_view name);

//! How one message is to be relayed.
struct RelayPlan {
    std::chrono::milliseconds hold{0};
    std::vector<size_t> pieces; //!< sizes in bytes, in order; their sum is less than the message's size if it is cut
    bool cut{false};            //!< close the connection after the pieces
};

//! Plan how to relay a message. A pure function of its arguments.
//!
//! @param size  Of the message in bytes, at least 1.
RelayPlan PlanRelay(const std::vector<Perturbation>& kinds, size_t size, base::Rng& rng);

//! Relays bytes from one stream to another, unchanged, and calls a function for each message in them.
class Pump
{
public:
    using OnMessage = std::function<void(kj::ArrayPtr<const capnp::word>)>;

    //! Borrows the streams and the timer.
    //!
    //! @param kinds  Perturbations. If there are any, each message is relayed separately by the plan of PlanRelay.
    //! @param on_message  Called with each message before it is relayed.
    Pump(kj::AsyncIoStream& from, kj::AsyncIoStream& to, kj::Timer& timer, std::vector<Perturbation> kinds,
         base::Rng rng, OnMessage on_message);

    //! Relay until `from` ends, then shut down `to` for writing. Fails if a stream fails, or if a plan cuts the
    //! connection.
    kj::Promise<void> RelayAll();

    //! True if some bytes were not messages.
    bool Broken() const { return m_frames.Broken(); }

private:
    kj::Promise<void> Relay(size_t size);
    kj::Promise<void> RelayPlanned(size_t begin, RelayPlan plan, size_t piece);
    kj::Promise<void> RelayMessages(size_t message);
    kj::Promise<void> RelayRest();

    kj::AsyncIoStream& m_from;
    kj::AsyncIoStream& m_to;
    kj::Timer& m_timer;
    std::vector<Perturbation> m_kinds;
    base::Rng m_rng;
    OnMessage m_on_message;
    FrameSplitter m_frames;
    std::vector<kj::byte> m_buffer;
    std::vector<kj::byte> m_held; //!< with perturbations: bytes that arrived and were not relayed yet
    std::vector<size_t> m_sizes;  //!< sizes in bytes of the complete messages at the beginning of m_held
};

} // namespace mpfuzz::peer
