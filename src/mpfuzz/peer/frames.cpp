#include <mpfuzz/peer/frames.h>

#include <cstdint>
#include <cstring>

namespace mpfuzz::peer {
namespace {

// Cap'n Proto's own limit.
constexpr uint64_t MAX_SEGMENTS{512};
constexpr size_t NUMBER_BYTES{4};

uint64_t Number(std::span<const kj::byte> bytes, size_t index)
{
    uint64_t number{0};
    for (size_t i{NUMBER_BYTES}; i-- > 0;) number = number << 8 | bytes[index * NUMBER_BYTES + i];
    return number;
}

} // namespace

size_t FrameSplitter::SizeOf(std::span<const kj::byte> bytes)
{
    if (bytes.size() < NUMBER_BYTES) return 0;
    const uint64_t segments{Number(bytes, 0) + 1};
    if (segments > MAX_SEGMENTS) {
        m_broken = true;
        return 0;
    }
    // The number of segments, the size of each, and padding to whole words.
    const size_t table_words{segments / 2 + 1};
    if (bytes.size() < table_words * sizeof(capnp::word)) return 0;
    uint64_t words{table_words};
    for (size_t i{1}; i <= segments; ++i) words += Number(bytes, i);
    if (words > MAX_WORDS) {
        m_broken = true;
        return 0;
    }
    return words * sizeof(capnp::word);
}

bool FrameSplitter::Feed(std::span<const kj::byte> bytes,
                         const std::function<void(kj::ArrayPtr<const capnp::word>)>& on_message)
{
    if (m_broken) return false;
    m_pending.insert(m_pending.end(), bytes.begin(), bytes.end());
    std::span<const kj::byte> rest{m_pending};
    while (const size_t size{SizeOf(rest)}) {
        if (rest.size() < size) break;
        auto message{kj::heapArray<capnp::word>(size / sizeof(capnp::word))};
        std::memcpy(message.begin(), rest.data(), size);
        rest = rest.subspan(size);
        on_message(message);
    }
    m_pending.erase(m_pending.begin(), m_pending.end() - static_cast<ptrdiff_t>(rest.size()));
    if (m_broken) m_pending = {};
    return !m_broken;
}

} // namespace mpfuzz::peer
