#include <targets/model_node/chain/serialize.h>

#include <targets/model_node/chain/chain.h>
#include <targets/model_node/chain/params.h>

#include <gtest/gtest.h>

namespace mpfuzz::model_node {
namespace {

TEST(Reader, ReadsBackWhatTheWriterWrote)
{
    Writer writer;
    writer.Integer(uint8_t{0xfe});
    writer.Integer(uint16_t{0x1234});
    writer.Integer(uint32_t{0xdeadbeef});
    writer.Integer(uint64_t{0x0123456789abcdef});
    for (const uint64_t size : {0u, 252u, 253u, 0xffffu, 0x10000u, 0x02000000u}) writer.CompactSize(size);
    writer.VarBytes(Bytes{1, 2, 3});
    Reader reader{writer.View()};
    EXPECT_EQ(reader.Integer<uint8_t>(), 0xfe);
    EXPECT_EQ(reader.Integer<uint16_t>(), 0x1234);
    EXPECT_EQ(reader.Integer<uint32_t>(), 0xdeadbeef);
    EXPECT_EQ(reader.Integer<uint64_t>(), 0x0123456789abcdef);
    for (const uint64_t size : {0u, 252u, 253u, 0xffffu, 0x10000u, 0x02000000u}) EXPECT_EQ(reader.CompactSize(), size);
    EXPECT_EQ(reader.VarBytes(), (Bytes{1, 2, 3}));
    EXPECT_EQ(reader.Remaining(), 0u);
}

TEST(Reader, RefusesSizesThatLie)
{
    const Bytes not_shortest{253, 252, 0}, too_large{254, 1, 0, 0, 2}, longer_than_data{5, 1, 2};
    EXPECT_THROW(Reader{not_shortest}.CompactSize(), DecodeError);
    EXPECT_THROW(Reader{too_large}.CompactSize(), DecodeError);
    EXPECT_THROW(Reader{longer_than_data}.VarBytes(), DecodeError);
    EXPECT_THROW(Reader{Bytes{}}.Integer<uint8_t>(), DecodeError);
}

TEST(Block, IsTheSameAfterARoundTrip)
{
    const Block block{Chain{}.CreateTemplate({}).block};
    const Bytes bytes{EncodeBlock(block, WithWitness::Yes)};
    EXPECT_EQ(DecodeBlock(bytes), block);
    EXPECT_EQ(EncodeBlock(DecodeBlock(bytes), WithWitness::Yes), bytes);
    EXPECT_EQ(DecodeBlock(EncodeBlock(GenesisBlock(), WithWitness::Yes)), GenesisBlock());
}

TEST(Block, IsRefusedWhereverItIsCutOff)
{
    Bytes bytes{EncodeBlock(Chain{}.CreateTemplate({}).block, WithWitness::Yes)};
    while (!bytes.empty()) {
        bytes.pop_back();
        EXPECT_THROW(DecodeBlock(bytes), DecodeError) << bytes.size();
    }
}

TEST(Transaction, RefusesAnEmptyWitnessPartAndUnknownParts)
{
    Transaction tx;
    tx.inputs.resize(1);
    tx.outputs.resize(1);
    const Bytes plain{EncodeTransaction(tx, WithWitness::Yes)};
    Bytes extended{plain};
    extended.insert(extended.begin() + 4, {0, 1});
    extended.insert(extended.end() - 4, 0);
    EXPECT_THROW(
        {
            Reader reader{extended};
            DecodeTransaction(reader);
        },
        DecodeError);
    Bytes unknown{plain};
    unknown.insert(unknown.begin() + 4, {0, 2});
    EXPECT_THROW(
        {
            Reader reader{unknown};
            DecodeTransaction(reader);
        },
        DecodeError);
}

TEST(HashFromHex, ReversesToHex)
{
    const Hash256 hash{Sha256(Bytes{7})};
    EXPECT_EQ(HashFromHex(ToHex(hash)), hash);
    EXPECT_FALSE(HashFromHex("00"));
    EXPECT_FALSE(HashFromHex(std::string(64, 'g')));
}

} // namespace
} // namespace mpfuzz::model_node
