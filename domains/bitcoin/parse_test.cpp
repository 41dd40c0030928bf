#include <domains/bitcoin/parse.h>

#include <gtest/gtest.h>

namespace mpfuzz::domains::bitcoin {
namespace {

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

TEST(ParseBlock, RefusesWhatIsCutOrGoesOn)
{
    const std::string bytes{Serialize(MakeBlock())};
    for (size_t length{0}; length < bytes.size(); ++length) EXPECT_FALSE(ParseBlock(bytes.substr(0, length))) << length;
    EXPECT_FALSE(ParseBlock(bytes + "x"));
}

TEST(ParseBlock, BelievesNoCountThatIsLargerThanTheBytes)
{
    const std::string header{Serialize(BlockHeader{})};
    for (const std::string count : {"\xfe\xff\xff\xff\xff", "\xff\xff\xff\xff\xff\xff\xff\xff\xff"})
        EXPECT_FALSE(ParseBlock(header + count + std::string(20, '\1')));
}

TEST(ParseHeader, TakesTheFirstEightyBytes)
{
    const auto header{ParseHeader(Serialize(MakeBlock()))};
    ASSERT_TRUE(header);
    EXPECT_EQ(Hash(*header), Hash(MakeBlock().header));
    EXPECT_FALSE(ParseHeader(std::string(79, '\0')));
}

//! That `parse` reads what Serialize wrote, and nothing that is cut or goes on.
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

} // namespace
} // namespace mpfuzz::domains::bitcoin
