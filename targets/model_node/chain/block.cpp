#include <targets/model_node/chain/block.h>

#include <domains/bitcoin/parse.h>
#include <mpfuzz/base/text.h>

#include <algorithm>
#include <utility>

namespace mpfuzz::model_node {
namespace {

using domains::bitcoin::Reader;

// BIP 141: OP_RETURN, push of 36 bytes, then this header and the commitment hash.
constexpr std::string_view COMMITMENT_PREFIX{"\x6a\x24\xaa\x21\xa9\xed"};
constexpr size_t COMMITMENT_SIZE{38};

// Returns the target that `bits` encodes, most significant byte first; nullopt if it is negative, zero or above 256
// bits.
std::optional<std::string> ExpandTarget(uint32_t bits)
{
    const size_t size{bits >> 24};
    const uint32_t mantissa{bits & 0x007fffff};
    if (mantissa == 0 || (bits & 0x00800000) != 0) return std::nullopt;
    std::string target(32, '\0');
    bool any{false};
    for (size_t i{0}; i < 3; ++i) {
        const auto byte{static_cast<char>(mantissa >> (8 * (2 - i)))};
        if (byte == 0 || size < i + 1) continue; // Drop the digits after the point.
        const size_t power{size - 1 - i};        // The exponent of 256.
        if (power >= target.size()) return std::nullopt;
        target[31 - power] = byte;
        any = true;
    }
    if (!any) return std::nullopt;
    return target;
}

template<typename T>
T Decode(std::string_view bytes, T (*read)(Reader&))
{
    Reader reader{bytes};
    T value{read(reader)};
    if (reader.Failed()) throw DecodeError{std::string{reader.Error()}};
    return value;
}

std::vector<Hash256> TransactionIds(const Block& block)
{
    std::vector<Hash256> ids;
    ids.reserve(block.transactions.size());
    for (const Transaction& tx : block.transactions) ids.push_back(Txid(tx));
    return ids;
}

// Computes the next level of a merkle tree. If the number of hashes is odd, the last one is paired with itself.
std::vector<Hash256> NextLevel(const std::vector<Hash256>& level)
{
    std::vector<Hash256> next;
    next.reserve((level.size() + 1) / 2);
    for (size_t i{0}; i < level.size(); i += 2)
        next.push_back(DoubleSha256(level[i] + level[std::min(i + 1, level.size() - 1)]));
    return next;
}

// Root over the witness ids, with zero for the coinbase (BIP 141).
Hash256 WitnessMerkleRoot(const Block& block)
{
    std::vector<Hash256> leaves;
    leaves.reserve(block.transactions.size());
    for (const Transaction& tx : block.transactions)
        leaves.push_back(leaves.empty() ? Hash256(32, '\0') : WitnessTxid(tx));
    return MerkleRoot(std::move(leaves));
}

} // namespace

Block DecodeBlock(std::string_view bytes) { return Decode(bytes, domains::bitcoin::ReadBlock); }

Transaction DecodeTransaction(std::string_view bytes) { return Decode(bytes, domains::bitcoin::ReadTransaction); }

Hash256 DecodeHash(std::string_view bytes)
{
    return Decode<Hash256>(bytes, [](Reader& reader) { return reader.Bytes(32); });
}

std::string ShowHash(Hash256 hash)
{
    std::ranges::reverse(hash);
    return base::ToHex(hash);
}

std::optional<Hash256> HashFromHex(std::string_view hex)
{
    if (hex.size() != 64) return std::nullopt;
    auto hash{base::FromHex(hex)};
    if (hash) std::ranges::reverse(*hash);
    return hash;
}

OutPoint SpentBy(const TxIn& input) { return {.txid = input.txid, .output = input.output}; }

bool IsCoinbase(const Transaction& tx) { return tx.inputs.size() == 1 && SpentBy(tx.inputs[0]) == OutPoint{}; }

bool HasProofOfWork(const BlockHeader& header)
{
    const auto target{ExpandTarget(header.bits)};
    const auto limit{ExpandTarget(domains::bitcoin::REGTEST_BITS)};
    if (!target || *target > *limit) return false;
    Hash256 hash{Hash(header)};
    std::ranges::reverse(hash);
    return hash <= *target;
}

Hash256 BlockMerkleRoot(const Block& block) { return MerkleRoot(TransactionIds(block)); }

bool HasEqualPair(const Block& block)
{
    for (auto level{TransactionIds(block)}; level.size() > 1; level = NextLevel(level)) {
        for (size_t i{0}; i + 1 < level.size(); i += 2) {
            if (level[i] == level[i + 1]) return true;
        }
    }
    return false;
}

std::vector<Hash256> CoinbaseMerklePath(const Block& block)
{
    std::vector<Hash256> path;
    for (auto level{TransactionIds(block)}; level.size() > 1; level = NextLevel(level)) path.push_back(level[1]);
    return path;
}

std::optional<size_t> WitnessCommitmentIndex(const Block& block)
{
    std::optional<size_t> index;
    if (block.transactions.empty()) return index;
    const auto& outputs{block.transactions[0].outputs};
    for (size_t i{0}; i < outputs.size(); ++i) {
        const Bytes& script{outputs[i].script};
        if (script.size() >= COMMITMENT_SIZE && script.starts_with(COMMITMENT_PREFIX)) index = i;
    }
    return index;
}

Bytes WitnessCommitmentScript(const Block& block, std::string_view reserved_value)
{
    return Bytes{COMMITMENT_PREFIX} + DoubleSha256(WitnessMerkleRoot(block) + Bytes{reserved_value});
}

size_t Weight(const Transaction& tx)
{
    return 3 * Serialize(tx, /*with_witness=*/false).size() + Serialize(tx, /*with_witness=*/true).size();
}

size_t Weight(const Block& block)
{
    return 3 * Serialize(block, /*with_witness=*/false).size() + Serialize(block, /*with_witness=*/true).size();
}

} // namespace mpfuzz::model_node
