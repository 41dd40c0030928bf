// Reading and writing Bitcoin's byte format: little-endian integers, "compact" sizes, length-prefixed bytes.
#pragma once

#include <targets/model_node/chain/hash.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>

namespace mpfuzz::model_node {

//! The bytes are not what they should be. Becomes an error answer.
class DecodeError : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

//! Reads from borrowed bytes, front to back. Every method throws DecodeError where bytes are missing.
class Reader
{
public:
    explicit Reader(std::span<const uint8_t> data) : m_data{data} {}

    template<std::unsigned_integral T>
    T Integer()
    {
        const auto bytes{Take(sizeof(T))};
        T value{0};
        for (size_t i{sizeof(T)}; i-- > 0;) value = static_cast<T>(static_cast<uint64_t>(value) << 8 | bytes[i]);
        return value;
    }

    //! A count of 1, 3, 5 or 9 bytes. Throws unless in its shortest form and at most 0x02000000.
    uint64_t CompactSize();

    //! A compact size that counts items of at least `item_size` bytes each, which must follow: a lying count
    //! throws here, before anyone makes room for the items.
    size_t Count(size_t item_size);

    Hash256 Hash();

    //! A compact size, then as many bytes.
    Bytes VarBytes();

    size_t Remaining() const { return m_data.size(); }

private:
    std::span<const uint8_t> Take(size_t size);

    std::span<const uint8_t> m_data;
};

//! Appends to bytes of its own.
class Writer
{
public:
    template<std::unsigned_integral T>
    void Integer(T value)
    {
        for (size_t i{0}; i < sizeof(T); ++i) {
            m_bytes.push_back(static_cast<uint8_t>(static_cast<uint64_t>(value) >> (8 * i)));
        }
    }
    void CompactSize(uint64_t size);
    void Raw(std::span<const uint8_t> data);
    void Hash(const Hash256& hash) { Raw(hash.bytes); }
    void VarBytes(std::span<const uint8_t> data);

    const Bytes& View() const { return m_bytes; }
    Bytes Take() { return std::move(m_bytes); }

private:
    Bytes m_bytes;
};

} // namespace mpfuzz::model_node
