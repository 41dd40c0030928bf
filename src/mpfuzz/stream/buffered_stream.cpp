#include <mpfuzz/stream/buffered_stream.h>

#include <algorithm>
#include <cstring>

namespace mpfuzz::stream {
namespace {

// Size of the read buffer: enough for some dozens of answers of usual size.
constexpr size_t READ_AHEAD{16 * 1024};

// If more bytes than this are pending, the writer must wait until the peer reads.
constexpr size_t MAX_PENDING{256 * 1024};

} // namespace

BufferedStream::BufferedStream(kj::Own<kj::AsyncIoStream> inner, Writes writes)
    : m_inner{kj::mv(inner)}, m_writes{writes}, m_read(READ_AHEAD)
{
}

size_t BufferedStream::Take(void* buffer, size_t max_bytes)
{
    const size_t size{std::min(max_bytes, m_read_end - m_read_begin)};
    if (size > 0) std::memcpy(buffer, m_read.data() + m_read_begin, size);
    m_read_begin += size;
    return size;
}

kj::Promise<size_t> BufferedStream::tryRead(void* buffer, size_t min_bytes, size_t max_bytes)
{
    const size_t taken{Take(buffer, max_bytes)};
    if (taken >= min_bytes) return taken;
    auto* rest{static_cast<kj::byte*>(buffer) + taken};
    if (max_bytes - taken >= READ_AHEAD) {
        return m_inner->tryRead(rest, min_bytes - taken, max_bytes - taken).then([taken](size_t more) {
            return taken + more;
        });
    }
    return m_inner->tryRead(m_read.data(), min_bytes - taken, m_read.size()).then([=, this](size_t more) {
        m_read_begin = 0;
        m_read_end = more;
        return taken + Take(rest, max_bytes - taken);
    });
}

kj::Promise<void> BufferedStream::write(const void* buffer, size_t size)
{
    if (m_writes == Writes::DIRECT) return m_inner->write(buffer, size);
    KJ_IF_MAYBE (exception, m_broken) return kj::cp(*exception);
    const auto* bytes{static_cast<const kj::byte*>(buffer)};
    m_pending.insert(m_pending.end(), bytes, bytes + size);
    return Scheduled();
}

kj::Promise<void> BufferedStream::write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>> pieces)
{
    if (m_writes == Writes::DIRECT) return m_inner->write(pieces);
    KJ_IF_MAYBE (exception, m_broken) return kj::cp(*exception);
    for (const auto& piece : pieces) m_pending.insert(m_pending.end(), piece.begin(), piece.end());
    return Scheduled();
}

void BufferedStream::shutdownWrite()
{
    if (m_writes == Writes::DIRECT) return m_inner->shutdownWrite();
    m_shut = true;
    Scheduled().detach([](kj::Exception&&) {});
}

kj::Promise<void> BufferedStream::Scheduled()
{
    if (!m_scheduled) {
        m_scheduled = true;
        // evalLater(), so that other events that are ready now can add their writes. Not evalLast(), which never runs
        // if a peer sends all the time.
        m_flush = kj::evalLater([this] { return Flush(); })
                      .catch_([this](kj::Exception&& exception) {
                          m_broken = kj::mv(exception);
                          m_scheduled = false;
                      })
                      .fork();
    }
    if (m_pending.size() > MAX_PENDING) {
        KJ_IF_MAYBE (flush, m_flush) return flush->addBranch();
    }
    return kj::READY_NOW;
}

kj::Promise<void> BufferedStream::Flush()
{
    if (m_pending.empty()) {
        if (m_shut) m_inner->shutdownWrite();
        m_shut = false;
        // Reset m_scheduled here and not in a continuation: otherwise bytes that are written before the continuation
        // runs would not be sent until the next write().
        m_scheduled = false;
        return kj::READY_NOW;
    }
    m_writing.swap(m_pending);
    m_pending.clear();
    return m_inner->write(m_writing.data(), m_writing.size()).then([this] { return Flush(); });
}

} // namespace mpfuzz::stream
