#include <targets/model_node/json_rpc.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace mpfuzz::model_node {
namespace {

nlohmann::json Ask(Chain& chain, const std::string& request)
{
    return nlohmann::json::parse(ExecuteJsonRpc(chain, request));
}

TEST(JsonRpc, AnswersInTheVersionOfTheRequest)
{
    Chain chain;
    EXPECT_EQ(ExecuteJsonRpc(chain, R"({"jsonrpc":"2.0","id":1,"method":"getblockcount"})"),
              R"({"id":1,"jsonrpc":"2.0","result":0})");
    EXPECT_EQ(ExecuteJsonRpc(chain, R"({"id":"a","method":"getblockcount","params":[]})"),
              R"({"error":null,"id":"a","result":0})");
    EXPECT_EQ(ExecuteJsonRpc(chain, R"({"jsonrpc":"2.0","method":"getblockcount"})"), "null");
}

TEST(JsonRpc, GeneratesBlocksAndDescribesThem)
{
    Chain chain;
    const auto hashes = Ask(chain, R"({"method":"generate","params":[2]})")["result"];
    ASSERT_EQ(hashes.size(), 2u);
    EXPECT_EQ(Ask(chain, R"({"method":"getbestblockhash"})")["result"], hashes[1]);
    EXPECT_EQ(Ask(chain, R"({"method":"getblockhash","params":{"height":1}})")["result"], hashes[0]);
    const auto header =
        Ask(chain, R"({"method":"getblockheader","params":[")" + hashes[1].get<std::string>() + R"("]})");
    EXPECT_EQ(header["result"]["height"], 2);
    EXPECT_EQ(header["result"]["previousblockhash"], hashes[0]);
    EXPECT_EQ(Ask(chain, R"({"method":"getmempoolinfo"})")["result"]["size"], 3);
    EXPECT_EQ(Ask(chain, R"({"method":"getrawmempool"})")["result"].size(), 3u);
}

TEST(JsonRpc, UsesBitcoinCoresErrorCodes)
{
    Chain chain;
    const auto code{[&](const std::string& request) { return Ask(chain, request)["error"]["code"].get<int>(); }};
    EXPECT_EQ(code(R"({"method":"nonesuch"})"), -32601);
    EXPECT_EQ(code(R"({"method":7})"), -32600);
    EXPECT_EQ(code(R"({"jsonrpc":2,"method":"help"})"), -32600);
    EXPECT_EQ(code(R"({"method":"help","params":"x"})"), -32600);
    EXPECT_EQ(code("{"), -32700);
    EXPECT_EQ(code(""), -32700);
    EXPECT_EQ(code("7"), -32700);
    EXPECT_EQ(code(R"({"method":"getblockhash","params":[99]})"), -8);
    EXPECT_EQ(code(R"({"method":"getblockhash","params":[-1]})"), -8);
    EXPECT_EQ(code(R"({"method":"getblockhash","params":[18446744073709551615]})"), -1);
    EXPECT_EQ(code(R"({"method":"getblockhash","params":["1"]})"), -3);
    EXPECT_EQ(code(R"({"method":"getblockheader","params":["ab"]})"), -8);
    EXPECT_EQ(code(R"({"method":"generate","params":[101]})"), -8);
}

TEST(JsonRpc, AnswersABatchOneByOne)
{
    Chain chain;
    const auto replies = Ask(chain, R"([{"id":1,"method":"getblockcount"},{"jsonrpc":"2.0","method":"uptime"},5])");
    ASSERT_EQ(replies.size(), 2u);
    EXPECT_EQ(replies[0]["result"], 0);
    EXPECT_EQ(replies[1]["error"]["code"], -32600);
    EXPECT_EQ(ExecuteJsonRpc(chain, "[]"), "[]");
}

TEST(JsonRpc, SurvivesDeepNestingAndBrokenText)
{
    Chain chain;
    for (const size_t depth : {400u, 600u, 200'000u}) {
        const std::string request{R"({"method":"echo","params":)" + std::string(depth, '[') + std::string(depth, ']') +
                                  "}"};
        EXPECT_EQ(Ask(chain, request)["error"].is_null(), depth < 512) << depth;
    }
    EXPECT_EQ(Ask(chain, "{\"method\":\"\xff\"}")["error"]["code"], -32700);
    EXPECT_EQ(Ask(chain, std::string("{\"method\":\"a\0b\"}", 16))["error"]["code"], -32700);
}

} // namespace
} // namespace mpfuzz::model_node
