#pragma once

#include <kj/async-io.h>

#include <vector>

namespace mpfuzz::stream {

//! Whether a BufferedStream gathers writes.
enum class Writes {
    //! One system call for everything written until the event loop would sleep: for whoever sends in bursts. The
    //! loop does not sleep while any peer keeps it busy.
    GATHERED,
    //! As they come: for a server, whose clients want each answer as soon as it is there.
    DIRECT,
};

//! A stream that reads ahead, and may gather writes.
//!
//! Cap'n Proto 0.9 to 1.0 write every message by itself and read each in two pieces; a burst of pipelined
//! calls then costs one write and a few reads instead of several a call.
class BufferedStream final : public kj::AsyncIoStream
{
public:
    BufferedStream(kj::Own<kj::AsyncIoStream> inner, Writes writes);

    kj::Promise<size_t> tryRead(void* buffer, size_t min_bytes, size_t max_bytes) override;
    //! GATHERED: takes the bytes at once. The promise waits for the peer only where much is pending already; an error
    //! is told to the next write.
    kj::Promise<void> write(const void* buffer, size_t size) override;
    kj::Promise<void> write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>> pieces) override;
    kj::Promise<void> whenWriteDisconnected() override { return m_inner->whenWriteDisconnected(); }
    //! Takes effect behind what is pending.
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
    bool m_scheduled{false}; //!< m_flush is under way; a promise cannot let go of itself
    kj::Maybe<kj::Exception> m_broken;
    kj::Maybe<kj::ForkedPromise<void>> m_flush;
};

} // namespace mpfuzz::stream
