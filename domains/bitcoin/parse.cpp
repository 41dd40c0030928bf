#include <domains/bitcoin/parse.h>

#include <concepts>

namespace mpfuzz::domains::bitcoin {

namespace {

//! Takes from the front. Where bytes are missing it takes zeros from then on, and says so in the end.
class Reader
{
public:
    explicit Reader(std::string_view bytes) : m_bytes{bytes} {}

    bool Failed() const { return m_failed; }
    bool AtEnd() const { return m_bytes.empty() && !m_failed; }
    size_t Left() const { return m_bytes.size(); }

    template<std::unsigned_integral T>
    T Integer()
    {
        uint64_t value{0};
        const std::string_view bytes{Take(sizeof(T))};
        for (size_t i{0}; i < bytes.size(); ++i) value |= uint64_t{static_cast<uint8_t>(bytes[i])} << (8 * i);
        return static_cast<T>(value);
    }

    uint64_t CompactSize()
    {
        const auto first{Integer<uint8_t>()};
        if (first == 0xfd) return Integer<uint16_t>();
        if (first == 0xfe) return Integer<uint32_t>();
        if (first == 0xff) return Integer<uint64_t>();
        return first;
    }

    //! A count of things that take a byte each at least, so that a lie is noticed before there is room for them.
    size_t Count()
    {
        const uint64_t count{CompactSize()};
        if (count > Left()) m_failed = true;
        return m_failed ? 0 : static_cast<size_t>(count);
    }

    std::string Bytes(size_t size) { return std::string{Take(size)}; }
    std::string Sized() { return Bytes(Count()); }

    bool Accept(std::string_view bytes)
    {
        if (!m_bytes.starts_with(bytes)) return false;
        m_bytes.remove_prefix(bytes.size());
        return true;
    }

private:
    std::string_view Take(size_t size)
    {
        if (size > m_bytes.size()) m_failed = true;
        if (m_failed) return {};
        const std::string_view taken{m_bytes.substr(0, size)};
        m_bytes.remove_prefix(size);
        return taken;
    }

    std::string_view m_bytes;
    bool m_failed{false};
};

BlockHeader ReadHeader(Reader& in)
{
    BlockHeader header;
    header.version = in.Integer<uint32_t>();
    header.previous = in.Bytes(32);
    header.merkle_root = in.Bytes(32);
    header.time = in.Integer<uint32_t>();
    header.bits = in.Integer<uint32_t>();
    header.nonce = in.Integer<uint32_t>();
    return header;
}

Transaction ReadTransaction(Reader& in)
{
    Transaction transaction;
    transaction.version = in.Integer<uint32_t>();
    const bool extended{in.Accept({"\x00\x01", 2})}; // marker and flag
    transaction.inputs.resize(in.Count());
    for (TxIn& input : transaction.inputs) {
        input.txid = in.Bytes(32);
        input.output = in.Integer<uint32_t>();
        input.script_sig = in.Sized();
        input.sequence = in.Integer<uint32_t>();
    }
    transaction.outputs.resize(in.Count());
    for (TxOut& output : transaction.outputs) {
        output.value_sat = static_cast<int64_t>(in.Integer<uint64_t>());
        output.script = in.Sized();
    }
    if (extended) {
        for (TxIn& input : transaction.inputs) {
            input.witness.resize(in.Count());
            for (std::string& item : input.witness) item = in.Sized();
        }
    }
    transaction.lock_time = in.Integer<uint32_t>();
    return transaction;
}

//! What `read` makes of all the bytes.
template<typename T>
std::optional<T> Whole(std::string_view bytes, T (*read)(Reader&))
{
    Reader in{bytes};
    T value{read(in)};
    return in.AtEnd() ? std::optional{std::move(value)} : std::nullopt;
}

Block ReadBlock(Reader& in)
{
    Block block;
    block.header = ReadHeader(in);
    const size_t count{in.Count()};
    for (size_t i{0}; i < count && !in.Failed(); ++i) block.transactions.push_back(ReadTransaction(in));
    return block;
}

FeeRate ReadFeeRate(Reader& in) { return {.sat_per_kvb = static_cast<int64_t>(in.Integer<uint64_t>())}; }

OutPoint ReadOutPoint(Reader& in)
{
    OutPoint point;
    point.txid = in.Bytes(32);
    point.output = in.Integer<uint32_t>();
    return point;
}

Script ReadScript(Reader& in) { return {.bytes = in.Sized()}; }

} // namespace

std::optional<BlockHeader> ParseHeader(std::string_view bytes)
{
    Reader in{bytes};
    BlockHeader header{ReadHeader(in)};
    return in.Failed() ? std::nullopt : std::optional{std::move(header)};
}

std::optional<Block> ParseBlock(std::string_view bytes) { return Whole(bytes, ReadBlock); }
std::optional<Transaction> ParseTransaction(std::string_view bytes) { return Whole(bytes, ReadTransaction); }
std::optional<FeeRate> ParseFeeRate(std::string_view bytes) { return Whole(bytes, ReadFeeRate); }
std::optional<OutPoint> ParseOutPoint(std::string_view bytes) { return Whole(bytes, ReadOutPoint); }
std::optional<Script> ParseScript(std::string_view bytes) { return Whole(bytes, ReadScript); }

} // namespace mpfuzz::domains::bitcoin
