#pragma once

#include <domains/bitcoin/block.h>
#include <domains/bitcoin/values.h>

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mpfuzz::domains::bitcoin {

//! Reads Bitcoin's wire format from borrowed bytes, from front to back. After the first error, every method returns
//! zeros or empty values.
class Reader
{
public:
    explicit Reader(std::string_view bytes) : m_bytes{bytes} {}

    //! A text that describes the first error; empty if there was none.
    std::string_view Error() const { return m_error; }
    bool Failed() const { return !m_error.empty(); }
    //! True if all bytes were read without an error.
    bool AtEnd() const { return m_bytes.empty() && !Failed(); }

    //! Least significant byte first.
    template<std::unsigned_integral T>
    T Integer()
    {
        const std::string_view bytes{Take(sizeof(T))};
        uint64_t value{0};
        for (size_t i{0}; i < bytes.size(); ++i) value |= uint64_t{static_cast<uint8_t>(bytes[i])} << (8 * i);
        return static_cast<T>(value);
    }

    //! A number of 1, 3, 5 or 9 bytes. It is an error if it does not have its shortest form, or is above 0x02000000.
    uint64_t CompactSize();

    //! The compact size of a list whose items take at least `item_bytes` each. It is an error if fewer bytes follow, so
    //! that the caller does not allocate memory for a wrong size.
    size_t Count(size_t item_bytes);

    std::string Bytes(size_t size) { return std::string{Take(size)}; }
    //! A compact size, and that number of bytes. Returns the bytes.
    std::string Sized() { return Bytes(Count(1)); }

    //! Records an error if there is none yet. The text must outlive the reader.
    void Fail(std::string_view error);

private:
    std::string_view Take(size_t size);

    std::string_view m_bytes;
    std::string_view m_error;
};

//! These functions read one value; the bytes after it stay in the reader. They accept the same bytes as Bitcoin Core,
//! and do not check whether the value is valid. Cost: linear in the bytes.
BlockHeader ReadHeader(Reader& in);
Block ReadBlock(Reader& in);

//! Accepts the form with witnesses and the form without. Do not use it for bytes that Serialize wrote for a transaction
//! without inputs: they look like the form with witnesses. As in Bitcoin Core, the result is another transaction or an
//! error.
Transaction ReadTransaction(Reader& in);

//! Reads 80 bytes and ignores the bytes after them. Returns nullopt if there are fewer.
std::optional<BlockHeader> ParseHeader(std::string_view bytes);

//! These functions are the inverse of Serialize. They return nullopt if the bytes are not such a value, or if bytes
//! follow it.
std::optional<Block> ParseBlock(std::string_view bytes);
std::optional<Transaction> ParseTransaction(std::string_view bytes);
std::optional<FeeRate> ParseFeeRate(std::string_view bytes);
std::optional<OutPoint> ParseOutPoint(std::string_view bytes);
std::optional<Script> ParseScript(std::string_view bytes);

} // namespace mpfuzz::domains::bitcoin
