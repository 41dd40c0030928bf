#include <mpfuzz/peer/bounded_stream.h>

#include <kj/debug.h>

namespace mpfuzz::peer {
kj::Promise<size_t> BoundedStream::tryRead(void* buffer, size_t min_bytes, size_t max_bytes)
{
    if (m_writing == 0) {
        return m_inner->tryRead(buffer, min_bytes, max_bytes).then([this, buffer](size_t size) {
            m_meter.Received({static_cast<const kj::byte*>(buffer), size});
            KJ_REQUIRE(m_meter.Held() <= m_max_held_bytes, "this client has too many answers open");
            return size;
        });
    }
    auto written{kj::newPromiseAndFulfiller<void>()};
    m_reader = kj::mv(written.fulfiller);
    return written.promise.then([=, this] {
        // Last: where more is to be written, that begins first.
        return kj::evalLast([=, this] { return tryRead(buffer, min_bytes, max_bytes); });
    });
}

kj::Promise<void> BoundedStream::write(const void* buffer, size_t size) { return Count(m_inner->write(buffer, size)); }

kj::Promise<void> BoundedStream::write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>> pieces)
{
    for (const auto& piece : pieces) m_meter.Sent({piece.begin(), piece.size()});
    return Count(m_inner->write(pieces));
}

kj::Promise<void> BoundedStream::Count(kj::Promise<void> write)
{
    ++m_writing;
    return write.attach(kj::defer([this] {
        if (--m_writing > 0) return;
        KJ_IF_MAYBE (reader, m_reader) (*reader)->fulfill();
        m_reader = nullptr;
    }));
}

} // namespace mpfuzz::peer
