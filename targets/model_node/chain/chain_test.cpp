#include <targets/model_node/chain/chain.h>

#include <targets/model_node/chain/params.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <functional>
#include <stdexcept>

namespace mpfuzz::model_node {
namespace {

Block Solve(Block block)
{
    block.header.merkle_root = BlockMerkleRoot(block);
    while (!HasProofOfWork(block.header)) ++block.header.nonce;
    return block;
}

Block NextBlock(const Chain& chain) { return chain.CreateTemplate({}).block; }

// Makes the commitment match the transactions again.
void Recommit(Block& block)
{
    const size_t index{*WitnessCommitmentIndex(block)};
    Transaction& coinbase{block.transactions[0]};
    coinbase.outputs[index].script = WitnessCommitmentScript(block, coinbase.inputs[0].witness[0]);
}

TEST(Genesis, IsRegtests)
{
    EXPECT_EQ(ShowHash(Chain{}.GetTip().hash), "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206");
    EXPECT_TRUE(HasProofOfWork(Chain{}.FindByHeight(0)->header));
}

TEST(ProofOfWork, RefusesTargetsThatRegtestDoesNotAllow)
{
    for (const uint32_t bits : {0x00000000u, 0x20ffffffu, 0x21000001u, 0xff123456u, 0x20800000u, 0x01000001u}) {
        BlockHeader header{domains::bitcoin::RegtestGenesis()};
        header.bits = bits;
        EXPECT_FALSE(HasProofOfWork(header)) << std::hex << bits;
    }
}

TEST(HasEqualPair, IsTrueIfTransactionsAreRepeated)
{
    Block block{NextBlock(Chain{})};
    block.transactions.pop_back();
    ASSERT_EQ(block.transactions.size(), 3u);
    const Hash256 root{BlockMerkleRoot(block)};
    EXPECT_FALSE(HasEqualPair(block));
    block.transactions.push_back(block.transactions.back());
    EXPECT_EQ(BlockMerkleRoot(block), root) << "CVE-2012-2459";
    EXPECT_TRUE(HasEqualPair(block));
}

TEST(CoinbaseMerklePath, LeadsFromTheCoinbaseToTheRoot)
{
    const Chain chain;
    const Block block{NextBlock(chain)};
    ASSERT_EQ(block.transactions.size(), 4u);
    Hash256 hash{Txid(block.transactions[0])};
    for (const Hash256& step : CoinbaseMerklePath(block)) hash = DoubleSha256(hash + step);
    EXPECT_EQ(hash, BlockMerkleRoot(block));
}

TEST(CountSigops, SkipsPushedData)
{
    EXPECT_EQ(CountSigops("\xac\xae"), 21u);
    EXPECT_EQ(CountSigops("\x01\xac"), 0u);
    EXPECT_EQ(CountSigops("\x4c\x02\xac\xac\xad"), 1u);
    EXPECT_EQ(CountSigops("\x4e\xff\xff\xff\xff\xac"), 0u);
}

TEST(DecodeBlock, IsTheInverseOfSerialize)
{
    const Block block{Chain{}.CreateTemplate({}).block};
    const Bytes bytes{Serialize(block)};
    EXPECT_EQ(DecodeBlock(bytes), block);
    EXPECT_EQ(Serialize(DecodeBlock(bytes)), bytes);
    EXPECT_EQ(DecodeBlock(bytes + "x"), block) << "bytes behind the block are ignored";
}

TEST(DecodeBlock, RefusesABlockThatIsCutOffAnywhere)
{
    Bytes bytes{Serialize(Chain{}.CreateTemplate({}).block)};
    while (!bytes.empty()) {
        bytes.pop_back();
        EXPECT_THROW(DecodeBlock(bytes), DecodeError) << bytes.size();
    }
}

TEST(HashFromHex, IsTheInverseOfShowHash)
{
    const Hash256 hash{DoubleSha256("a")};
    EXPECT_EQ(HashFromHex(ShowHash(hash)), hash);
    EXPECT_FALSE(HashFromHex("00"));
    EXPECT_FALSE(HashFromHex(std::string(64, 'g')));
}

TEST(Chain, GrowsByASolvedTemplate)
{
    Chain chain;
    const Block block{Solve(NextBlock(chain))};
    EXPECT_TRUE(chain.Check(block, {}).IsValid());
    const auto before{chain.MempoolEntries()};
    const Verdict verdict{chain.Submit(block)};
    EXPECT_TRUE(verdict.IsValid()) << verdict.reason;
    EXPECT_EQ(chain.GetTip().height, 1);
    EXPECT_EQ(chain.GetTip().hash, Hash(block.header));
    EXPECT_FALSE(chain.FindByTxId(before[0].txid)) << "mined transactions leave the mempool";
    EXPECT_EQ(chain.MempoolEntries().size(), before.size());
    EXPECT_EQ(chain.Submit(block).reason, "duplicate");
}

TEST(Chain, IsTheSameInEveryRun)
{
    Chain one, other;
    EXPECT_EQ(one.Generate(200), other.Generate(200));
    EXPECT_EQ(one.GetTip().height, 200);
    EXPECT_EQ(one.CreateTemplate({}).block, other.CreateTemplate({}).block);
    EXPECT_EQ(one.CreateTemplate({}).coinbase.reward_sat, 25 * COIN_SAT + 6'000);
}

TEST(Chain, LeavesOutTransactionsThatExceedTheOptions)
{
    const Chain chain;
    EXPECT_EQ(chain.CreateTemplate({.use_mempool = false}).fees_sat.size(), 0u);
    EXPECT_EQ(chain.CreateTemplate({.reserved_weight = 4'000'000}).fees_sat.size(), 0u);
    EXPECT_EQ(chain.CreateTemplate({.max_additional_sigops = 79'996}).fees_sat.size(), 2u);
    EXPECT_THROW(chain.CreateTemplate({.reserved_weight = 1'999}), std::runtime_error);
    EXPECT_THROW(chain.CreateTemplate({.reserved_weight = 4'000'001}), std::runtime_error);
    EXPECT_THROW(chain.CreateTemplate({.max_additional_sigops = 80'001}), std::runtime_error);
}

TEST(Chain, ABlockOnASideChainIsInconclusive)
{
    Chain chain;
    Block sibling{NextBlock(chain)};
    sibling.header.time_s += 1;
    sibling = Solve(sibling);
    chain.Generate(1);
    EXPECT_EQ(chain.Check(sibling, {}).reason, "inconclusive-not-best-prevblk");
    EXPECT_EQ(chain.Submit(sibling).reason, "inconclusive");
    EXPECT_EQ(chain.Submit(sibling).reason, "duplicate");
    EXPECT_EQ(chain.GetTip().height, 1);
}

TEST(Chain, RemembersInvalidBlocksAndTheirChildren)
{
    Chain chain;
    Block bad{NextBlock(chain)};
    bad.transactions[0].outputs[0].value_sat += 1;
    bad = Solve(bad);
    EXPECT_EQ(chain.Submit(bad).reason, "bad-cb-amount");
    EXPECT_EQ(chain.Submit(bad).reason, "duplicate-invalid");
    Block child{NextBlock(chain)};
    child.header.previous = Hash(bad.header);
    EXPECT_EQ(chain.Submit(Solve(child)).reason, "bad-prevblk");
}

struct BadBlock {
    const char* reason;
    std::function<void(Block&)> change;
    bool solve{true}; // Fix the merkle root and the proof of work afterwards.
};

class BlockRules : public testing::TestWithParam<BadBlock>
{
};

TEST_P(BlockRules, RefuseTheBlockWithItsReason)
{
    Chain chain;
    chain.Generate(20);
    Block block{NextBlock(chain)};
    if (!GetParam().solve) block = Solve(block);
    GetParam().change(block);
    if (GetParam().solve) block = Solve(block);
    EXPECT_EQ(chain.Submit(block).reason, GetParam().reason);
    EXPECT_EQ(chain.GetTip().height, 20);
    if (block.header.previous == chain.GetTip().hash) {
        EXPECT_EQ(chain.Check(block, {}).reason, GetParam().reason);
    }
}

INSTANTIATE_TEST_SUITE_P(
    All, BlockRules,
    testing::Values(
        BadBlock{"high-hash",
                 [](Block& b) {
                     do ++b.header.nonce;
                     while (HasProofOfWork(b.header));
                 },
                 false},
        BadBlock{"bad-txnmrklroot", [](Block& b) { b.transactions[0].lock_time ^= 1; }, false},
        BadBlock{"bad-txns-duplicate",
                 [](Block& b) {
                     b.transactions.pop_back();
                     b.transactions.push_back(b.transactions.back());
                 }},
        BadBlock{"bad-blk-length", [](Block& b) { b.transactions.clear(); }},
        BadBlock{"bad-cb-missing", [](Block& b) { b.transactions.erase(b.transactions.begin()); }},
        BadBlock{"bad-cb-multiple",
                 [](Block& b) {
                     b.transactions.push_back(b.transactions[0]);
                     b.transactions.back().lock_time = 7;
                 }},
        BadBlock{"bad-cb-length", [](Block& b) { b.transactions[0].inputs[0].script_sig.resize(101); }},
        BadBlock{"bad-txns-vout-empty", [](Block& b) { b.transactions[0].outputs.clear(); }},
        BadBlock{"bad-txns-vout-negative", [](Block& b) { b.transactions[0].outputs[0].value_sat = -1; }},
        BadBlock{"bad-txns-vout-toolarge", [](Block& b) { b.transactions[0].outputs[0].value_sat = INT64_MAX; }},
        BadBlock{"bad-txns-inputs-duplicate",
                 [](Block& b) { b.transactions[1].inputs.push_back(b.transactions[1].inputs[0]); }},
        BadBlock{
            "bad-blk-sigops",
            [](Block& b) { b.transactions[0].outputs.push_back({.value_sat = 0, .script = Bytes(1'001, '\xae')}); }},
        BadBlock{"bad-diffbits", [](Block& b) { b.header.bits = 0x207ffffe; }},
        BadBlock{"time-too-old", [](Block& b) { b.header.time_s = domains::bitcoin::REGTEST_GENESIS_TIME; }},
        BadBlock{"time-too-new", [](Block& b) { b.header.time_s += 7'201; }},
        BadBlock{"bad-version(0x00000003)", [](Block& b) { b.header.version = 3; }},
        BadBlock{"bad-version(0x80000000)", [](Block& b) { b.header.version = 0x80000000; }},
        BadBlock{"prev-blk-not-found", [](Block& b) { b.header.previous[5] ^= 1; }},
        BadBlock{"bad-txns-nonfinal", [](Block& b) { b.transactions[0].lock_time = 21; }},
        BadBlock{"bad-cb-height", [](Block& b) { b.transactions[0].inputs[0].script_sig[1] ^= 1; }},
        BadBlock{"unexpected-witness", [](Block& b) { b.transactions[0].outputs.pop_back(); }},
        BadBlock{"bad-witness-nonce-size", [](Block& b) { b.transactions[0].inputs[0].witness.clear(); }},
        BadBlock{"bad-witness-merkle-match", [](Block& b) { b.transactions[0].outputs[1].script[6] ^= 1; }},
        BadBlock{"bad-txns-inputs-missingorspent",
                 [](Block& b) {
                     b.transactions[1].inputs[0].txid[0] ^= 1;
                     Recommit(b);
                 }},
        BadBlock{"bad-txns-in-belowout",
                 [](Block& b) {
                     b.transactions[1].outputs[0].value_sat = 1'000'001;
                     Recommit(b);
                 }},
        BadBlock{"bad-txns-premature-spend-of-coinbase",
                 [](Block& b) {
                     Chain chain;
                     Block first{Solve(NextBlock(chain))};
                     b.transactions[1].inputs[0].txid = Txid(first.transactions[0]);
                     b.transactions[1].inputs[0].output = 0;
                     Recommit(b);
                 }},
        BadBlock{"block-script-verify-flag-failed",
                 [](Block& b) {
                     for (Transaction& tx : b.transactions) {
                         if (!IsCoinbase(tx)) tx.inputs[0].witness = {Bytes{"\x52"}};
                     }
                     Recommit(b);
                 }},
        BadBlock{"bad-cb-amount", [](Block& b) { b.transactions[0].outputs[0].value_sat += 1; }}),
    [](const auto& test) {
        std::string name{test.param.reason};
        std::ranges::replace_if(
            name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
        return name;
    });

TEST(CheckBlock, SkipsTheChecksThatAreSwitchedOff)
{
    const Chain chain;
    const Block block{NextBlock(chain)};
    EXPECT_TRUE(chain.Check(block, {.pow = false, .merkle_root = false}).IsValid());
    EXPECT_EQ(chain.Check(block, {.pow = false, .merkle_root = true}).reason, "bad-txnmrklroot");
}

} // namespace
} // namespace mpfuzz::model_node
