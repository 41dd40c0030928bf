#pragma once

#include <mpfuzz/peer/frames.h>

#include <kj/async-io.h>

#include <cstdint>
#include <map>
#include <span>

namespace mpfuzz::peer {

//! Estimates the memory that a server uses for answers: it must keep each one until the client's Finish message.
class AnswerMeter
{
public:
    //! Count bytes that came from the client, or were sent to it. Throws a kj::Exception if they are not messages.
    void Received(std::span<const kj::byte> bytes);
    void Sent(std::span<const kj::byte> bytes);

    //! Size in bytes of the answers that the server must keep, with a guess for the size of their table entries.
    uint64_t Held() const { return m_held; }

private:
    FrameSplitter m_received;
    FrameSplitter m_sent;
    std::map<uint32_t, uint64_t> m_answers; //!< bytes by question
    uint64_t m_held{0};
};

//! A server's stream that limits the memory that its client can make the server use.
//!
//! It does not read while a write is outstanding, so a client that does not read its answers cannot send more calls.
//! Reading fails if the client has too many unfinished answers.
class BoundedStream final : public kj::AsyncIoStream
{
public:
    //! @param max_held_bytes  Limit for unfinished answers, as AnswerMeter counts them.
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
    kj::Maybe<kj::Own<kj::PromiseFulfiller<void>>> m_reader; //!< set while a read waits for the writes
};

} // namespace mpfuzz::peer
