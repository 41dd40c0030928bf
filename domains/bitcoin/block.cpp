#include <domains/bitcoin/block.h>

#include <domains/bitcoin/serialize.h>
#include <mpfuzz/base/check.h>
#include <mpfuzz/base/text.h>

#include <algorithm>

namespace mpfuzz::domains::bitcoin {

std::string Serialize(const BlockHeader& header)
{
    std::string out;
    AppendInteger(out, header.version);
    out += header.previous;
    out += header.merkle_root;
    AppendInteger(out, header.time_s);
    AppendInteger(out, header.bits);
    AppendInteger(out, header.nonce);
    return out;
}

std::string Serialize(const Block& block, bool with_witness)
{
    std::string out{Serialize(block.header)};
    AppendCompactSize(out, block.transactions.size());
    for (const Transaction& transaction : block.transactions) out += Serialize(transaction, with_witness);
    return out;
}

std::string Hash(const BlockHeader& header) { return DoubleSha256(Serialize(header)); }

std::string MerkleRoot(std::vector<std::string> txids)
{
    if (txids.empty()) return std::string(32, '\0');
    while (txids.size() > 1) {
        if (txids.size() % 2 == 1) txids.push_back(txids.back());
        std::vector<std::string> parents;
        for (size_t i{0}; i < txids.size(); i += 2) parents.push_back(DoubleSha256(txids[i] + txids[i + 1]));
        txids = std::move(parents);
    }
    return txids[0];
}

std::string GenesisTxid()
{
    std::string txid{*base::FromHex("4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b")};
    std::ranges::reverse(txid); // the hexadecimal digits have the order in which hashes are shown
    return txid;
}

BlockHeader RegtestGenesis()
{
    BlockHeader header;
    header.version = 1;
    header.merkle_root = GenesisTxid();
    header.time_s = REGTEST_GENESIS_TIME;
    header.bits = REGTEST_BITS;
    header.nonce = 2;
    return header;
}

void Mine(Block& block)
{
    std::vector<std::string> txids;
    for (const Transaction& transaction : block.transactions) txids.push_back(Txid(transaction));
    block.header.merkle_root = MerkleRoot(std::move(txids));
    // Regtest's target is 7fffff followed by zeros: a hash is below it if its highest byte is below 7f.
    for (block.header.nonce = 0; static_cast<uint8_t>(Hash(block.header).back()) >= 0x7f;) ++block.header.nonce;
}

Block MakeChainBlock(uint32_t height)
{
    CHECK(height >= 1);
    Block block;
    std::string previous{Hash(RegtestGenesis())};
    for (uint32_t at{1}; at <= height; ++at) {
        block = {};
        block.header.previous = previous;
        block.header.time_s = REGTEST_GENESIS_TIME + 600 * at;
        block.header.bits = REGTEST_BITS;
        block.transactions.push_back(MakeCoinbase(at, std::string(1, '\0'), REGTEST_SUBSIDY_SAT));
        Mine(block);
        previous = Hash(block.header);
    }
    return block;
}

} // namespace mpfuzz::domains::bitcoin
