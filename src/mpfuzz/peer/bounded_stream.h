#pragma once

#include <mpfuzz/peer/answer_meter.h>

#include <kj/async-io.h>

namespace mpfuzz::peer {

//! A server's stream that bounds what its client can make it hold.
//!
//! It reads nothing while a write is outstanding: a client that sends and does not read is not heard until it has read,
//! instead of being answered into memory. And reading fails once the client has too many answers open.
class BoundedStream final : public kj::AsyncIoStream
{
public:
    //! @param max_held_bytes  Of open answers, as AnswerMeter counts them.
    BoundedStream(kj::Own<kj::AsyncIoStream> inner, uint64_t max_held_bytes)
        : m_inner{kj::mv(inner)}, m_max_held_bytes{max_held_bytes}
    {
    }

    kj::Promise<size_t> tryRead(void* buffer, size_t min_bytes, size_t max_bytes) override;
    kj::Promise<void> write(const void* buffer, size_t size) override;
    kj::Promise<void> write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>> pieces) override;
    kj::Promise<void> whenWriteDisconnected() override { return m_inner->whenWriteDisconnected(); }
    void shutdownWrite() override { m_inner->shutdownWrite(); }
    void abortRead() override { m_inner->abortRead(); }

private:
    kj::Promise<void> Count(kj::Promise<void> write);

    kj::Own<kj::AsyncIoStream> m_inner;
    uint64_t m_max_held_bytes;
    AnswerMeter m_meter;
    size_t m_writing{0};
    kj::Maybe<kj::Own<kj::PromiseFulfiller<void>>> m_reader; //!< that waits for the writes
};

} // namespace mpfuzz::peer
