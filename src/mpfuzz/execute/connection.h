#pragma once

#include <mpfuzz/stream/buffered_stream.h>
#include <mpfuzz/trace/trace.h>

#include <capnp/message.h>
#include <capnp/rpc-twoparty.h>
#include <kj/async-io.h>
#include <kj/time.h>

#include <chrono>
#include <cstdint>
#include <string_view>

namespace mpfuzz::execute {

//! The current time plus `from_now`, for the function atTime of a KJ timer.
//!
//! Do not use KJ's afterDelay instead. It counts from the start of the event loop's last turn. If gdb or a restart has
//! taken seconds since then, the deadline passes before the waiting begins.
kj::TimePoint Deadline(std::chrono::milliseconds from_now);

//! One connection of a program to the target, with its RPC state.
class Connection
{
public:
    //! Takes ownership of `fd`, a connected socket.
    Connection(kj::AsyncIoContext& io, int fd);

    //! The target's main interface. All callers share one bootstrap request.
    capnp::Capability::Client Main() { return m_main; }

    //! True if the connection has ended, and we did not close it.
    bool Broken() const { return m_ended && !m_shut; }
    //! True if the main interface has arrived.
    bool HasMain() const { return m_has_main; }
    //! True if a correct target may close the connection, because SendRaw or ShutWrite was called.
    bool MayBeClosed() const { return m_may_be_closed; }

    //! Send bytes between two messages. After that, MayBeClosed is true.
    void SendRaw(std::string_view bytes);

    //! Shut down the writing side once all earlier messages are written. After that, MayBeClosed is true.
    void ShutWrite();

    //! Close the socket at once. The RPC system sends nothing more, and queued bytes are lost.
    void ShutAbruptly();

private:
    int m_fd;
    stream::BufferedStream m_stream;
    capnp::TwoPartyVatNetwork m_network;
    capnp::RpcSystem<capnp::rpc::twoparty::VatId> m_rpc;
    capnp::Capability::Client m_main;
    bool m_has_main{false};
    bool m_shut{false};
    bool m_may_be_closed{false};
    bool m_ended{false};
    kj::Promise<void> m_main_arrives;
    kj::Promise<void> m_end;
};

//! A second, well-behaved client. It stays connected as long as the target's process lives. For each program it asks
//! for the main interface, which any server can return at once, and releases it. It writes the messages itself, because
//! the RPC system of libcapnp-rpc cannot be used after its connection has broken.
class Canary
{
public:
    //! Takes ownership of `fd`, a connected socket that is non-blocking and close-on-exec.
    Canary(kj::AsyncIoContext& io, int fd);
    Canary(const Canary&) = delete;
    Canary& operator=(const Canary&) = delete;

    //! Ask for the main interface. Does nothing if the connection is lost, or if the last answer is missing.
    void Ask();

    //! Wait for the answer to the last question. Ends if the deadline and the grace period after it have passed (see
    //! TargetRules), or if the process has died. If the answer came later than that, the result is SLOW. Time in which
    //! this process itself did not run is not counted.
    trace::Canary Check(std::chrono::milliseconds deadline, std::chrono::milliseconds grace, kj::Promise<void> death);

private:
    kj::Promise<void> Write(kj::Own<capnp::MallocMessageBuilder> message);
    kj::Promise<void> Read();
    void Answered();
    kj::Promise<void> Tick();

    kj::AsyncIoContext& m_io;
    kj::Own<kj::AsyncIoStream> m_stream;
    uint32_t m_question{0};
    trace::Canary m_state{trace::Canary::WELL};
    kj::TimePoint m_sent;
    kj::TimePoint m_last_tick;
    kj::Duration m_not_running;                               //!< how long this process did not run since the question
    kj::Duration m_waited;                                    //!< for the last answer
    kj::Maybe<kj::Own<kj::PromiseFulfiller<void>>> m_changed; //!< set while Check waits for the state to change
    kj::Promise<void> m_ticking{nullptr};
    kj::Promise<void> m_writing{kj::READY_NOW};
    kj::Promise<void> m_reading{nullptr};
};

} // namespace mpfuzz::execute
