#include <targets/model_node/chain/block.h>

#include <targets/model_node/chain/params.h>

#include <algorithm>
#include <array>

namespace mpfuzz::model_node {
namespace {

// BIP 141: OP_RETURN, push of 36 bytes, then this header and the commitment hash.
constexpr std::array<uint8_t, 6> COMMITMENT_PREFIX{0x6a, 0x24, 0xaa, 0x21, 0xa9, 0xed};
constexpr size_t COMMITMENT_SIZE{38};

// The target that `bits` stands for, most significant byte first; nothing if negative, zero or above 256 bits.
std::optional<std::array<uint8_t, 32>> ExpandTarget(uint32_t bits)
{
    const size_t size{bits >> 24};
    const uint32_t mantissa{bits & 0x007fffff};
    if (mantissa == 0 || (bits & 0x00800000) != 0) return std::nullopt;
    std::array<uint8_t, 32> target{};
    bool any{false};
    for (size_t i{0}; i < 3; ++i) {
        const auto byte{static_cast<uint8_t>(mantissa >> (8 * (2 - i)))};
        if (byte == 0 || size < i + 1) continue; // Digits right of the point vanish.
        const size_t place{size - 1 - i};        // Power of 256.
        if (place >= target.size()) return std::nullopt;
        target[31 - place] = byte;
        any = true;
    }
    if (!any) return std::nullopt;
    return target;
}

std::vector<Hash256> TransactionIds(const Block& block)
{
    std::vector<Hash256> ids;
    ids.reserve(block.transactions.size());
    for (const Transaction& tx : block.transactions) ids.push_back(TxId(tx));
    return ids;
}

// One level up; an odd hash at the end is paired with itself.
std::vector<Hash256> NextLevel(const std::vector<Hash256>& level)
{
    std::vector<Hash256> next;
    next.reserve((level.size() + 1) / 2);
    for (size_t i{0}; i < level.size(); i += 2)
        next.push_back(HashPair(level[i], level[std::min(i + 1, level.size() - 1)]));
    return next;
}

} // namespace

Bytes EncodeHeader(const BlockHeader& header)
{
    Writer writer;
    writer.Integer(header.version);
    writer.Hash(header.previous);
    writer.Hash(header.merkle_root);
    writer.Integer(header.time_s);
    writer.Integer(header.bits);
    writer.Integer(header.nonce);
    return writer.Take();
}

Bytes EncodeBlock(const Block& block, WithWitness with_witness)
{
    Writer writer;
    writer.Raw(EncodeHeader(block.header));
    writer.CompactSize(block.transactions.size());
    for (const Transaction& tx : block.transactions) EncodeTransaction(writer, tx, with_witness);
    return writer.Take();
}

Block DecodeBlock(std::span<const uint8_t> data)
{
    Reader reader{data};
    Block block;
    block.header.version = reader.Integer<uint32_t>();
    block.header.previous = reader.Hash();
    block.header.merkle_root = reader.Hash();
    block.header.time_s = reader.Integer<uint32_t>();
    block.header.bits = reader.Integer<uint32_t>();
    block.header.nonce = reader.Integer<uint32_t>();
    const size_t count{reader.Count(/*item_size=*/10)};
    block.transactions.reserve(count);
    for (size_t i{0}; i < count; ++i) block.transactions.push_back(DecodeTransaction(reader));
    return block;
}

Hash256 HashOf(const BlockHeader& header) { return DoubleSha256(EncodeHeader(header)); }

bool HasProofOfWork(const BlockHeader& header)
{
    const auto target{ExpandTarget(header.bits)};
    const auto limit{ExpandTarget(POW_BITS)};
    if (!target || *target > *limit) return false;
    auto hash{HashOf(header).bytes};
    std::ranges::reverse(hash);
    return hash <= *target;
}

MerkleRoot ComputeMerkleRoot(std::vector<Hash256> leaves)
{
    MerkleRoot result;
    if (leaves.empty()) return result;
    while (leaves.size() > 1) {
        for (size_t i{0}; i + 1 < leaves.size(); i += 2) result.mutated |= leaves[i] == leaves[i + 1];
        leaves = NextLevel(leaves);
    }
    result.root = leaves[0];
    return result;
}

MerkleRoot BlockMerkleRoot(const Block& block) { return ComputeMerkleRoot(TransactionIds(block)); }

Hash256 WitnessMerkleRoot(const Block& block)
{
    std::vector<Hash256> leaves;
    leaves.reserve(block.transactions.size());
    for (const Transaction& tx : block.transactions) leaves.push_back(leaves.empty() ? Hash256{} : WitnessTxId(tx));
    return ComputeMerkleRoot(std::move(leaves)).root;
}

std::vector<Hash256> CoinbaseMerklePath(const Block& block)
{
    std::vector<Hash256> path;
    std::vector<Hash256> level{TransactionIds(block)};
    while (level.size() > 1) {
        path.push_back(level[1]);
        level = NextLevel(level);
    }
    return path;
}

std::optional<size_t> WitnessCommitmentIndex(const Block& block)
{
    std::optional<size_t> index;
    if (block.transactions.empty()) return index;
    const auto& outputs{block.transactions[0].outputs};
    for (size_t i{0}; i < outputs.size(); ++i) {
        const Bytes& script{outputs[i].script};
        if (script.size() >= COMMITMENT_SIZE && std::ranges::equal(COMMITMENT_PREFIX, std::span{script}.first(6)))
            index = i;
    }
    return index;
}

Bytes WitnessCommitmentScript(const Block& block, std::span<const uint8_t> reserved_value)
{
    Writer preimage;
    preimage.Hash(WitnessMerkleRoot(block));
    preimage.Raw(reserved_value);
    Writer script;
    script.Raw(COMMITMENT_PREFIX);
    script.Hash(DoubleSha256(preimage.View()));
    return script.Take();
}

size_t Weight(const Block& block)
{
    return 3 * EncodeBlock(block, WithWitness::No).size() + EncodeBlock(block, WithWitness::Yes).size();
}

} // namespace mpfuzz::model_node
