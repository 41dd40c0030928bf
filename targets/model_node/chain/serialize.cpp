#include <targets/model_node/chain/serialize.h>

#include <algorithm>

namespace mpfuzz::model_node {
namespace {

// Largest count that Bitcoin Core's ReadCompactSize accepts (MAX_SIZE in src/serialize.h).
constexpr uint64_t MAX_COMPACT_SIZE{0x02000000};

} // namespace

std::span<const uint8_t> Reader::Take(size_t size)
{
    if (size > m_data.size()) throw DecodeError{"the data end too early"};
    const auto taken{m_data.first(size)};
    m_data = m_data.subspan(size);
    return taken;
}

uint64_t Reader::CompactSize()
{
    const uint8_t first{Integer<uint8_t>()};
    uint64_t size{first};
    uint64_t least{0};
    if (first == 253) {
        size = Integer<uint16_t>();
        least = 253;
    } else if (first == 254) {
        size = Integer<uint32_t>();
        least = 0x10000;
    } else if (first == 255) {
        size = Integer<uint64_t>();
        least = 0x100000000;
    }
    if (size < least) throw DecodeError{"a compact size is not in its shortest form"};
    if (size > MAX_COMPACT_SIZE) throw DecodeError{"a compact size is too large"};
    return size;
}

size_t Reader::Count(size_t item_size)
{
    const uint64_t count{CompactSize()};
    if (count > Remaining() / item_size) throw DecodeError{"a list is longer than the data"};
    return static_cast<size_t>(count);
}

Hash256 Reader::Hash()
{
    Hash256 hash;
    std::ranges::copy(Take(hash.bytes.size()), hash.bytes.begin());
    return hash;
}

Bytes Reader::VarBytes()
{
    const auto data{Take(Count(1))};
    return {data.begin(), data.end()};
}

void Writer::CompactSize(uint64_t size)
{
    if (size < 253) {
        Integer(static_cast<uint8_t>(size));
    } else if (size <= 0xffff) {
        Integer(uint8_t{253});
        Integer(static_cast<uint16_t>(size));
    } else if (size <= 0xffffffff) {
        Integer(uint8_t{254});
        Integer(static_cast<uint32_t>(size));
    } else {
        Integer(uint8_t{255});
        Integer(size);
    }
}

void Writer::Raw(std::span<const uint8_t> data) { m_bytes.insert(m_bytes.end(), data.begin(), data.end()); }

void Writer::VarBytes(std::span<const uint8_t> data)
{
    CompactSize(data.size());
    Raw(data);
}

} // namespace mpfuzz::model_node
