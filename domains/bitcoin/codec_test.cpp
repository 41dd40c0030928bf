#include <domains/bitcoin/block.h>
#include <domains/bitcoin/parse.h>
#include <domains/bitcoin/serialize.h>
#include <mpfuzz/base/text.h>

#include <gtest/gtest.h>

#include <algorithm>

namespace mpfuzz::domains::bitcoin {
namespace {

std::string Shown(std::string hash)
{
    std::ranges::reverse(hash);
    return base::ToHex(hash);
}

TEST(AppendCompactSize, UsesTheShortestForm)
{
    const auto hex{[](uint64_t size) {
        std::string out;
        AppendCompactSize(out, size);
        return base::ToHex(out);
    }};
    EXPECT_EQ(hex(0), "00");
    EXPECT_EQ(hex(252), "fc");
    EXPECT_EQ(hex(253), "fdfd00");
    EXPECT_EQ(hex(0x10000), "fe00000100");
    EXPECT_EQ(hex(0x100000000), "ff0000000001000000");
}

TEST(Transaction, TheGenesisCoinbaseHasItsKnownId)
{
    Transaction genesis;
    genesis.version = 1;
    genesis.inputs.resize(1);
    genesis.inputs[0].script_sig = *base::FromHex("04ffff001d0104") + std::string{"\x45"} +
                                   "The Times 03/Jan/2009 Chancellor on brink of second bailout for banks";
    genesis.outputs.push_back(
        {5'000'000'000, *base::FromHex("4104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0e"
                                       "a1f61deb649f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d57"
                                       "8a4c702b6bf11d5fac")});
    EXPECT_EQ(Shown(Txid(genesis)), "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b");
    EXPECT_EQ(Txid(genesis), GenesisTxid());
}

TEST(Transaction, AWitnessChangesTheBytesAndNotTheId)
{
    Transaction with{MakeCoinbase(1, "x", 0)};
    const Transaction without{with};
    with.inputs[0].witness.emplace_back(32, '\0');
    EXPECT_EQ(Txid(with), Txid(without));
    EXPECT_EQ(Serialize(with, true).size(), Serialize(without, true).size() + 2 + 1 + 33);
    EXPECT_EQ(Serialize(with, false), Serialize(without, false));
}

TEST(HeightScript, ObeysBip34AndTheMinimalPushRule)
{
    EXPECT_EQ(base::ToHex(HeightScript(0)), "00");
    EXPECT_EQ(base::ToHex(HeightScript(1)), "51");
    EXPECT_EQ(base::ToHex(HeightScript(16)), "60");
    EXPECT_EQ(base::ToHex(HeightScript(17)), "0111");
    EXPECT_EQ(base::ToHex(HeightScript(127)), "017f");
    EXPECT_EQ(base::ToHex(HeightScript(128)), "028000");
    EXPECT_EQ(base::ToHex(HeightScript(200)), "02c800");
    EXPECT_EQ(base::ToHex(HeightScript(500'000)), "0320a107");
}

TEST(Block, TheRegtestGenesisHasItsKnownHash)
{
    EXPECT_EQ(Shown(Hash(RegtestGenesis())), "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206");
}

TEST(Block, OffsetsPointAtTheFieldsOfAHeader)
{
    BlockHeader header;
    header.version = 0x01020304;
    header.time_s = 0x05060708;
    header.nonce = 0x090a0b0c;
    const std::string bytes{Serialize(header)};
    ASSERT_EQ(bytes.size(), HEADER_BYTES);
    EXPECT_EQ(base::ToHex(bytes.substr(VERSION_OFFSET, 4)), "04030201");
    EXPECT_EQ(base::ToHex(bytes.substr(TIME_OFFSET, 4)), "08070605");
    EXPECT_EQ(base::ToHex(bytes.substr(NONCE_OFFSET, 4)), "0c0b0a09");
}

TEST(MerkleRoot, PairsTheLastIdWithItself)
{
    const std::string a(32, 'a'), b(32, 'b'), c(32, 'c');
    EXPECT_EQ(MerkleRoot({a}), a);
    EXPECT_EQ(MerkleRoot({a, b, c}), DoubleSha256(DoubleSha256(a + b) + DoubleSha256(c + c)));
}

TEST(MakeChainBlock, BuildsOnThePreviousBlockAndMeetsTheTarget)
{
    const Block first{MakeChainBlock(1)}, second{MakeChainBlock(2)};
    EXPECT_EQ(first.header.previous, Hash(RegtestGenesis()));
    EXPECT_EQ(second.header.previous, Hash(first.header));
    EXPECT_LE(Shown(Hash(second.header)), "7fffff" + std::string(58, '0'));
    EXPECT_EQ(second.header.merkle_root, Txid(second.transactions[0]));
}

//! A block with a transaction in each form.
Block MakeBlock()
{
    Block block{MakeChainBlock(1)};
    Transaction spending;
    spending.inputs.resize(2);
    spending.inputs[0].witness = {"sig", ""};
    spending.outputs.push_back({7, "script"});
    spending.lock_time = 9;
    block.transactions.push_back(spending);
    return block;
}

TEST(ParseBlock, IsTheInverseOfSerialize)
{
    const std::string bytes{Serialize(MakeBlock())};
    const auto parsed{ParseBlock(bytes)};
    ASSERT_TRUE(parsed);
    EXPECT_EQ(Serialize(*parsed), bytes);
    EXPECT_EQ(parsed->transactions.size(), 2U);
    EXPECT_EQ(Txid(parsed->transactions[1]), Txid(MakeBlock().transactions[1]));
}

TEST(ParseBlock, RefusesBytesThatAreCutOrFollowedByOthers)
{
    const std::string bytes{Serialize(MakeBlock())};
    for (size_t length{0}; length < bytes.size(); ++length) EXPECT_FALSE(ParseBlock(bytes.substr(0, length))) << length;
    EXPECT_FALSE(ParseBlock(bytes + "x"));
}

TEST(ParseBlock, RefusesACountThatIsLargerThanTheBytes)
{
    const std::string header{Serialize(BlockHeader{})};
    for (const std::string count : {"\xfe\xff\xff\xff\xff", "\xff\xff\xff\xff\xff\xff\xff\xff\xff"})
        EXPECT_FALSE(ParseBlock(header + count + std::string(20, '\1')));
}

TEST(ParseHeader, ReadsOnlyTheFirst80Bytes)
{
    const auto header{ParseHeader(Serialize(MakeBlock()))};
    ASSERT_TRUE(header);
    EXPECT_EQ(Hash(*header), Hash(MakeBlock().header));
    EXPECT_FALSE(ParseHeader(std::string(79, '\0')));
}

//! Expects that `parse` reads what Serialize wrote, and refuses bytes that are cut or followed by others.
template<typename T>
void ExpectInverse(const T& value, const std::string& bytes, std::optional<T> (*parse)(std::string_view))
{
    EXPECT_EQ(parse(bytes), value);
    for (size_t length{0}; length < bytes.size(); ++length) EXPECT_FALSE(parse(bytes.substr(0, length))) << length;
    EXPECT_FALSE(parse(bytes + "x"));
}

TEST(Parse, IsTheInverseOfSerializeForEachKindOfValue)
{
    for (const Transaction& transaction : MakeBlock().transactions)
        ExpectInverse(transaction, Serialize(transaction, /*with_witness=*/true), ParseTransaction);
    for (const int64_t rate : {int64_t{0}, int64_t{-1}, INT64_MIN, INT64_MAX})
        ExpectInverse(FeeRate{rate}, Serialize(FeeRate{rate}), ParseFeeRate);
    const OutPoint point{.txid = Txid(MakeBlock().transactions[1]), .output = 7};
    ExpectInverse(point, Serialize(point), ParseOutPoint);
    for (const size_t size : {0, 1, 252, 253, 70'000}) {
        const Script script{std::string(size, 'x')};
        EXPECT_EQ(ParseScript(Serialize(script)), script);
    }
    ExpectInverse(Script{"abc"}, Serialize(Script{"abc"}), ParseScript);
}

std::string ErrorOf(std::string_view bytes, auto read)
{
    Reader in{bytes};
    read(in);
    return std::string{in.Error()};
}

TEST(Reader, RefusesInvalidSizes)
{
    const auto size{[](Reader& in) { in.CompactSize(); }};
    EXPECT_EQ(ErrorOf({"\xfd\xfd\x00", 3}, size), "");
    EXPECT_EQ(ErrorOf({"\xfd\xfc\x00", 3}, size), "a compact size is not in its shortest form");
    EXPECT_EQ(ErrorOf({"\xfe\x00\x00\x00\x02", 5}, size), "");
    EXPECT_EQ(ErrorOf({"\xfe\x01\x00\x00\x02", 5}, size), "a compact size is too large");
    EXPECT_EQ(ErrorOf("", size), "the data end too early");
    EXPECT_EQ(ErrorOf("\x05\x01\x02", [](Reader& in) { in.Sized(); }), "a list is longer than the data");
}

TEST(Reader, KeepsItsFirstErrorAndReadsZerosAfterIt)
{
    Reader in{"\x05\x01\x02"};
    in.Sized();
    EXPECT_EQ(in.Integer<uint8_t>(), 0);
    in.Fail("another");
    EXPECT_EQ(in.Error(), "a list is longer than the data");
    EXPECT_FALSE(in.AtEnd());
}

TEST(ReadTransaction, RefusesAnEmptyWitnessPartAndUnknownParts)
{
    const auto read{[](Reader& in) { ReadTransaction(in); }};
    const std::string plain{Serialize(MakeCoinbase(1, "x", 0), /*with_witness=*/true)};
    EXPECT_EQ(ErrorOf(plain, read), "");
    std::string extended{plain};
    extended.insert(4, "\x00\x01", 2).insert(extended.size() - 4, 1, '\0');
    EXPECT_EQ(ErrorOf(extended, read), "a transaction has an empty witness part");
    std::string unknown{plain};
    unknown.insert(4, "\x00\x02", 2);
    EXPECT_EQ(ErrorOf(unknown, read), "a transaction has unknown optional parts");
}

} // namespace
} // namespace mpfuzz::domains::bitcoin
