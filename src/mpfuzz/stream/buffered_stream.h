#pragma once

#include <kj/async-io.h>

#include <vector>

namespace mpfuzz::stream {

//! Whether a BufferedStream gathers writes.
enum class Writes {
    //! One system call for all writes of one turn of the event loop: for a client that sends in bursts.
    GATHERED,
    //! One system call for each write: for a server, whose clients need each answer as soon as possible.
    DIRECT,
};

//! A stream that reads ahead, and may gather writes.
//!
//! Cap'n Proto 0.9 to 1.0 use one write and two reads for each message. With this stream a burst of pipelined calls
//! costs one write and a few reads in total.
class BufferedStream final : public kj::AsyncIoStream
{
public:
    BufferedStream(kj::Own<kj::AsyncIoStream> inner, Writes writes);

    kj::Promise<size_t> tryRead(void* buffer, size_t min_bytes, size_t max_bytes) override;
    //! With GATHERED, copies the bytes and returns a promise that is ready, unless much is pending already: then the
    //! promise waits for the peer. The next write reports an error, if there is one.
    kj::Promise<void> write(const void* buffer, size_t size) override;
    kj::Promise<void> write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>> pieces) override;
    kj::Promise<void> whenWriteDisconnected() override { return m_inner->whenWriteDisconnected(); }
    //! Takes effect after the pending bytes are written.
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
    bool m_scheduled{false}; //!< m_flush is running; a promise cannot destroy itself
    kj::Maybe<kj::Exception> m_broken;
    kj::Maybe<kj::ForkedPromise<void>> m_flush;
};

} // namespace mpfuzz::stream
