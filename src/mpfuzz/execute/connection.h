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

//! The point in time `from_now` after the current one, for the function atTime of a KJ timer. Do not use afterDelay
//! instead: it counts from the start of the event loop's last turn. If gdb or a restart took seconds since then, the
//! deadline would have passed before the waiting began.
kj::TimePoint Deadline(std::chrono::milliseconds from_now);

//! One connection of a program to the target, with its RPC state.
class Connection
{
public:
    //! Takes ownership of `fd`, a connected socket.
    Connection(kj::AsyncIoContext& io, int fd);

    //! The target's main interface. All callers share one bootstrap request.
    capnp::Capability::Client Main() { return m_main; }

    //! True if the connection has ended although we did not close it.
    bool Broken() const { return m_ended && !m_shut; }
    //! True if we have sent something for which the target may close the connection.
    bool Provoked() const { return m_provoked; }

    //! Send bytes between two messages. From now on the target may close the connection.
    void SendRaw(std::string_view bytes);

    //! Shut down the writing side after everything that was sent so far.
    void ShutWrite();

    //! Close the socket without telling the RPC system: nothing more is sent, not even queued bytes.
    void ShutAbruptly();

private:
    int m_fd;
    stream::BufferedStream m_stream;
    capnp::TwoPartyVatNetwork m_network;
    capnp::RpcSystem<capnp::rpc::twoparty::VatId> m_rpc;
    capnp::Capability::Client m_main;
    bool m_shut{false};
    bool m_provoked{false};
    bool m_ended{false};
    kj::Promise<void> m_end;
};

//! A second, well-behaved client. It stays connected as long as the target's process lives. Again and again it asks for
//! the main interface, which any server can answer at once, and releases it. It writes the messages itself, because the
//! RPC system of libcapnp-rpc cannot be used after its connection has broken.
class Canary
{
public:
    //! Takes ownership of `fd`, a connected socket that is non-blocking and close-on-exec.
    Canary(kj::AsyncIoContext& io, int fd);
    Canary(const Canary&) = delete;
    Canary& operator=(const Canary&) = delete;

    //! Send the question. Does nothing if the connection is lost.
    void Ask();

    //! Wait for the answer to the last question, until the deadline and the grace period after it have passed (see
    //! TargetRules) or the process has died. An answer that came later than that counts as SLOW too, unless this
    //! process itself got no time to run.
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
    kj::Duration m_stood_still;                               //!< how long this process did not run since the question
    kj::Duration m_waited;                                    //!< for the last answer
    kj::Maybe<kj::Own<kj::PromiseFulfiller<void>>> m_changed; //!< set while somebody waits for the state to change
    kj::Promise<void> m_ticking{nullptr};
    kj::Promise<void> m_writing{kj::READY_NOW};
    kj::Promise<void> m_reading{nullptr};
};

} // namespace mpfuzz::execute
