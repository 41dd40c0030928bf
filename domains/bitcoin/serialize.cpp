#include <domains/bitcoin/serialize.h>

#include <domains/bitcoin/transaction.h>
#include <domains/bitcoin/values.h>

#include <openssl/sha.h>

#include <algorithm>

namespace mpfuzz::domains::bitcoin {

namespace {

constexpr char OP_TRUE{0x51};

void AppendWitness(std::string& out, const TxIn& input)
{
    AppendCompactSize(out, input.witness.size());
    for (const std::string& item : input.witness) AppendSized(out, item);
}

} // namespace

std::string Sha256(std::string_view bytes)
{
    std::string digest(SHA256_DIGEST_LENGTH, '\0');
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
           reinterpret_cast<unsigned char*>(digest.data()));
    return digest;
}

void AppendCompactSize(std::string& out, uint64_t size)
{
    if (size < 0xfd) {
        AppendInteger(out, static_cast<uint8_t>(size));
    } else if (size <= UINT16_MAX) {
        out += '\xfd';
        AppendInteger(out, static_cast<uint16_t>(size));
    } else if (size <= UINT32_MAX) {
        out += '\xfe';
        AppendInteger(out, static_cast<uint32_t>(size));
    } else {
        out += '\xff';
        AppendInteger(out, size);
    }
}

void AppendSized(std::string& out, std::string_view bytes)
{
    AppendCompactSize(out, bytes.size());
    out += bytes;
}

std::string DoubleSha256(std::string_view bytes) { return Sha256(Sha256(bytes)); }

std::string Serialize(const FeeRate& rate)
{
    std::string out;
    AppendInteger(out, rate.sat_per_kvb);
    return out;
}

std::string Serialize(const OutPoint& point)
{
    std::string out{point.txid};
    AppendInteger(out, point.output);
    return out;
}

std::string Serialize(const Script& script)
{
    std::string out;
    AppendSized(out, script.bytes);
    return out;
}

bool HasWitness(const Transaction& transaction)
{
    return std::ranges::any_of(transaction.inputs, [](const TxIn& input) { return !input.witness.empty(); });
}

std::string Serialize(const TxOut& output)
{
    std::string out;
    AppendInteger(out, output.value_sat);
    AppendSized(out, output.script);
    return out;
}

std::string Serialize(const Transaction& transaction, bool with_witness)
{
    const bool extended{with_witness && HasWitness(transaction)};
    std::string out;
    AppendInteger(out, transaction.version);
    if (extended) out += std::string{"\x00\x01", 2}; // marker and flag
    AppendCompactSize(out, transaction.inputs.size());
    for (const TxIn& input : transaction.inputs) {
        out += input.txid;
        AppendInteger(out, input.output);
        AppendSized(out, input.script_sig);
        AppendInteger(out, input.sequence);
    }
    AppendCompactSize(out, transaction.outputs.size());
    for (const TxOut& output : transaction.outputs) out += Serialize(output);
    if (extended) {
        for (const TxIn& input : transaction.inputs) AppendWitness(out, input);
    }
    AppendInteger(out, transaction.lock_time);
    return out;
}

std::string Txid(const Transaction& transaction)
{
    return DoubleSha256(Serialize(transaction, /*with_witness=*/false));
}

std::string WitnessTxid(const Transaction& transaction)
{
    return DoubleSha256(Serialize(transaction, /*with_witness=*/true));
}

std::string HeightScript(uint32_t height)
{
    if (height == 0) return std::string(1, '\0');
    if (height <= 16) return std::string(1, static_cast<char>(0x50 + height));
    std::string number;
    for (uint32_t rest{height}; rest > 0; rest >>= 8) number += static_cast<char>(rest & 0xff);
    if (static_cast<uint8_t>(number.back()) & 0x80) number += '\0'; // the top bit is the sign
    std::string script;
    AppendSized(script, number);
    return script;
}

Transaction MakeCoinbase(uint32_t height, std::string extra, int64_t value_sat)
{
    Transaction coinbase;
    coinbase.inputs.resize(1);
    coinbase.inputs[0].script_sig = HeightScript(height) + extra;
    coinbase.outputs.push_back({value_sat, std::string(1, OP_TRUE)});
    return coinbase;
}

} // namespace mpfuzz::domains::bitcoin
