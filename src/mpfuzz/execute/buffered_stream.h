#pragma once

#include <kj/async-io.h>

#include <vector>

namespace mpfuzz::execute {

//! A stream that gathers what is written during one turn of the event loop into one system call, and
//! reads ahead. Cap'n Proto 0.9 to 1.0 write every message by itself and read each in two pieces; a
//! program of pipelined calls then costs one write and a few reads instead of several a call.
class BufferedStream final : public kj::AsyncIoStream
{
public:
    explicit BufferedStream(kj::Own<kj::AsyncIoStream> inner);

    kj::Promise<size_t> tryRead(void* buffer, size_t min_bytes, size_t max_bytes) override;
    kj::Promise<void> write(const void* buffer, size_t size) override;
    kj::Promise<void> write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>> pieces) override;
    kj::Promise<void> whenWriteDisconnected() override { return m_inner->whenWriteDisconnected(); }
    void shutdownWrite() override;
    void abortRead() override { m_inner->abortRead(); }

private:
    size_t Take(void* buffer, size_t max_bytes);
    void Schedule();
    kj::Promise<void> Flush();

    kj::Own<kj::AsyncIoStream> m_inner;
    std::vector<kj::byte> m_read;
    size_t m_read_begin{0};
    size_t m_read_end{0};
    std::vector<kj::byte> m_pending;
    std::vector<kj::byte> m_writing;
    bool m_shut{false};
    kj::Maybe<kj::Exception> m_broken;
    kj::Maybe<kj::Promise<void>> m_flush;
};

} // namespace mpfuzz::execute
