// A stream that reads ahead.
#pragma once

#include <kj/array.h>
#include <kj/async-io.h>

#include <cstddef>

namespace mpfuzz::model_node {

//! Takes what has arrived in one system call, where Cap'n Proto would take two for each message. Writes
//! pass through.
class BufferedStream final : public kj::AsyncIoStream
{
public:
    explicit BufferedStream(kj::Own<kj::AsyncIoStream> inner);

    kj::Promise<size_t> tryRead(void* buffer, size_t min_bytes, size_t max_bytes) override;

    kj::Promise<void> write(const void* buffer, size_t size) override { return m_inner->write(buffer, size); }
    kj::Promise<void> write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>> pieces) override
    {
        return m_inner->write(pieces);
    }
    kj::Promise<void> whenWriteDisconnected() override { return m_inner->whenWriteDisconnected(); }
    void shutdownWrite() override { m_inner->shutdownWrite(); }
    void abortRead() override { m_inner->abortRead(); }
    void getsockopt(int level, int option, void* value, kj::uint* length) override
    {
        m_inner->getsockopt(level, option, value, length);
    }

private:
    size_t TakeBuffered(void* target, size_t max_bytes);

    kj::Own<kj::AsyncIoStream> m_inner;
    kj::Array<kj::byte> m_buffer;
    kj::ArrayPtr<const kj::byte> m_ahead; // What of m_buffer is read and not yet taken.
};

} // namespace mpfuzz::model_node
