#pragma once

#include <mpfuzz/trace/trace.h>

#include <capnp/message.h>
#include <kj/async-io.h>
#include <kj/time.h>

#include <chrono>
#include <cstdint>

namespace mpfuzz::execute {

//! A second client, connected as long as the target's process lives. It asks for the main interface again and again,
//! which any server can answer at once, and releases it. It speaks Cap'n Proto without the RPC system of libcapnp-rpc,
//! which takes it ill when it is asked to go on after a connection has broken.
class Canary
{
public:
    //! @param fd  A connected socket, non-blocking and close-on-exec; owned from now on.
    Canary(kj::AsyncIoContext& io, int fd);
    Canary(const Canary&) = delete;
    Canary& operator=(const Canary&) = delete;

    //! Ask, unless the connection is lost.
    void Ask();

    //! Wait for the answer to the last question, until its deadline and the grace after it (see TargetRules), or the
    //! death of the process. An answer that was later than that is SLOW too, unless this process got no time either.
    trace::Canary Look(std::chrono::milliseconds deadline, std::chrono::milliseconds grace, kj::Promise<void> death);

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
    kj::Duration m_stood_still;
    kj::Duration m_waited;
    kj::Maybe<kj::Own<kj::PromiseFulfiller<void>>> m_changed; //!< someone waits for the state to change
    kj::Promise<void> m_ticking{nullptr};
    kj::Promise<void> m_writing{kj::READY_NOW};
    kj::Promise<void> m_reading{nullptr};
};

} // namespace mpfuzz::execute
