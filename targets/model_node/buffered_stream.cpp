#include "targets/model_node/buffered_stream.h"

#include <algorithm>
#include <cstring>

namespace mpfuzz::model_node {
namespace {

// Guess: a few hundred small messages.
constexpr size_t BUFFER_SIZE{32 * 1024};

} // namespace

BufferedStream::BufferedStream(kj::Own<kj::AsyncIoStream> inner)
    : m_inner{kj::mv(inner)}, m_buffer{kj::heapArray<kj::byte>(BUFFER_SIZE)}
{
}

kj::Promise<size_t> BufferedStream::tryRead(void* buffer, size_t min_bytes, size_t max_bytes)
{
    const size_t taken{TakeBuffered(buffer, max_bytes)};
    if (taken >= min_bytes) return taken;
    auto* const rest{static_cast<kj::byte*>(buffer) + taken};
    if (max_bytes - taken >= m_buffer.size()) {
        return m_inner->tryRead(rest, min_bytes - taken, max_bytes - taken).then([taken](size_t size) {
            return taken + size;
        });
    }
    return m_inner->tryRead(m_buffer.begin(), min_bytes - taken, m_buffer.size())
        .then([this, taken, rest, max_bytes](size_t size) {
            m_ahead = m_buffer.slice(0, size);
            return taken + TakeBuffered(rest, max_bytes - taken);
        });
}

size_t BufferedStream::TakeBuffered(void* target, size_t max_bytes)
{
    const size_t size{std::min(max_bytes, m_ahead.size())};
    if (size > 0) std::memcpy(target, m_ahead.begin(), size);
    m_ahead = m_ahead.slice(size, m_ahead.size());
    return size;
}

} // namespace mpfuzz::model_node
