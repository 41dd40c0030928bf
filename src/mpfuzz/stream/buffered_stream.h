#pragma once

#include <kj/async-io.h>

#include <vector>

namespace mpfuzz::stream {

//! Whether a BufferedStream gathers writes.
enum class Writes {
    //! One system call for all writes in one turn of the event loop. For a client, which sends many calls at once.
    GATHERED,
    //! One system call for each write. For a server, whose clients need each answer as soon as possible.
    DIRECT,
};

//! A stream that reads ahead, and may gather writes.
//!
//! Cap'n Proto 0.9 to 1.0 use one write and two reads for each message. With this stream, many pipelined calls together
//! need only one write and a few reads.
class BufferedStream final : public kj::AsyncIoStream
{
public:
    BufferedStream(kj::Own<kj::AsyncIoStream> inner, Writes writes);

    kj::Promise<size_t> tryRead(void* buffer, size_t min_bytes, size_t max_bytes) override;
    //! With GATHERED, copies the bytes and returns a promise that is ready. If many bytes are pending, the promise
    //! waits until the peer has read them. If writing fails, the next write() reports the error.
    kj::Promise<void> write(const void* buffer, size_t size) override;
    kj::Promise<void> write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>> pieces) override;
    kj::Promise<void> whenWriteDisconnected() override { return m_inner->whenWriteDisconnected(); }
    //! Shuts down the inner stream after all pending bytes are written.
    void shutdownWrite() override;
    void abortRead() override { m_inner->abortRead(); }
    void getsockopt(int level, int option, void* value, kj::uint* length) override
    {
        m_inner->getsockopt(level, option, value, length);
    }

private:
    size_t Take(void* buffer, size_t max_bytes);
    kj::Promise<void> Scheduled();
    kj::Promise<void> Flush();

    kj::Own<kj::AsyncIoStream> m_inner;
    Writes m_writes;
    std::vector<kj::byte> m_read;
    size_t m_read_begin{0};
    size_t m_read_end{0};
    std::vector<kj::byte> m_pending;
    std::vector<kj::byte> m_writing;
    bool m_shut{false};
    bool m_scheduled{false}; //!< m_flush is running and must not be replaced: a promise cannot destroy itself
    kj::Maybe<kj::Exception> m_broken;
    kj::Maybe<kj::ForkedPromise<void>> m_flush;
};

} // namespace mpfuzz::stream
