#include <domains/bitcoin/parse.h>

namespace mpfuzz::domains::bitcoin {

namespace {

// Largest size that Bitcoin Core's ReadCompactSize accepts (MAX_SIZE in src/serialize.h).
constexpr uint64_t MAX_COMPACT_SIZE{0x02000000};

// The size of the shortest input, output and transaction.
constexpr size_t MIN_INPUT_BYTES{41};
constexpr size_t MIN_OUTPUT_BYTES{9};
constexpr size_t MIN_TRANSACTION_BYTES{10};

std::vector<TxIn> ReadInputs(Reader& in)
{
    std::vector<TxIn> inputs(in.Count(MIN_INPUT_BYTES));
    for (TxIn& input : inputs) {
        input.txid = in.Bytes(32);
        input.output = in.Integer<uint32_t>();
        input.script_sig = in.Sized();
        input.sequence = in.Integer<uint32_t>();
    }
    return inputs;
}

std::vector<TxOut> ReadOutputs(Reader& in)
{
    std::vector<TxOut> outputs(in.Count(MIN_OUTPUT_BYTES));
    for (TxOut& output : outputs) {
        output.value_sat = static_cast<int64_t>(in.Integer<uint64_t>());
        output.script = in.Sized();
    }
    return outputs;
}

void ReadWitnesses(Reader& in, Transaction& transaction)
{
    for (TxIn& input : transaction.inputs) {
        input.witness.resize(in.Count(1));
        for (std::string& item : input.witness) item = in.Sized();
    }
    if (!HasWitness(transaction)) in.Fail("a transaction has an empty witness part");
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

//! Returns the result of `read`, or nullopt if it fails or does not read all bytes.
template<typename T>
std::optional<T> Whole(std::string_view bytes, T (*read)(Reader&))
{
    Reader in{bytes};
    T value{read(in)};
    return in.AtEnd() ? std::optional{std::move(value)} : std::nullopt;
}

} // namespace

std::string_view Reader::Take(size_t size)
{
    if (size > m_bytes.size()) Fail("the data end too early");
    if (Failed()) return {};
    const std::string_view taken{m_bytes.substr(0, size)};
    m_bytes.remove_prefix(size);
    return taken;
}

void Reader::Fail(std::string_view error)
{
    if (!Failed()) m_error = error;
}

uint64_t Reader::CompactSize()
{
    const auto first{Integer<uint8_t>()};
    uint64_t size{first};
    uint64_t least{0};
    if (first == 0xfd) {
        size = Integer<uint16_t>();
        least = 0xfd;
    } else if (first == 0xfe) {
        size = Integer<uint32_t>();
        least = 0x10000;
    } else if (first == 0xff) {
        size = Integer<uint64_t>();
        least = 0x100000000;
    }
    if (size < least) Fail("a compact size is not in its shortest form");
    if (size > MAX_COMPACT_SIZE) Fail("a compact size is too large");
    return Failed() ? 0 : size;
}

size_t Reader::Count(size_t item_bytes)
{
    const uint64_t count{CompactSize()};
    if (count > m_bytes.size() / item_bytes) Fail("a list is longer than the data");
    return Failed() ? 0 : static_cast<size_t>(count);
}

BlockHeader ReadHeader(Reader& in)
{
    BlockHeader header;
    header.version = in.Integer<uint32_t>();
    header.previous = in.Bytes(32);
    header.merkle_root = in.Bytes(32);
    header.time_s = in.Integer<uint32_t>();
    header.bits = in.Integer<uint32_t>();
    header.nonce = in.Integer<uint32_t>();
    return header;
}

Transaction ReadTransaction(Reader& in)
{
    Transaction transaction;
    transaction.version = in.Integer<uint32_t>();
    transaction.inputs = ReadInputs(in);
    uint8_t flags{0};
    if (transaction.inputs.empty()) {
        // An empty list of inputs marks the extended form, except if the flags after it are zero. Then the list is
        // really empty, and Bitcoin Core reads no outputs either.
        flags = in.Integer<uint8_t>();
        if (flags != 0) {
            transaction.inputs = ReadInputs(in);
            transaction.outputs = ReadOutputs(in);
        }
    } else {
        transaction.outputs = ReadOutputs(in);
    }
    if (flags & 1) ReadWitnesses(in, transaction);
    if (flags & ~1) in.Fail("a transaction has unknown optional parts");
    transaction.lock_time = in.Integer<uint32_t>();
    return transaction;
}

Block ReadBlock(Reader& in)
{
    Block block;
    block.header = ReadHeader(in);
    const size_t count{in.Count(MIN_TRANSACTION_BYTES)};
    for (size_t i{0}; i < count && !in.Failed(); ++i) block.transactions.push_back(ReadTransaction(in));
    return block;
}

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
