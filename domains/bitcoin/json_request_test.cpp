#include <domains/bitcoin/json_request.h>

#include <nlohmann/json.hpp>

#include <gtest/gtest.h>

#include <set>

namespace mpfuzz::domains::bitcoin {
namespace {

using Json = nlohmann::json;

TEST(MakeJsonRequest, IsMostlyAValidCallOfAKnownMethod)
{
    base::Rng rng{1};
    size_t calls{0}, broken{0};
    std::set<std::string> methods;
    for (int i{0}; i < 5000; ++i) {
        const Json parsed(Json::parse(MakeJsonRequest(rng), nullptr, /*allow_exceptions=*/false));
        broken += parsed.is_discarded();
        if (!parsed.is_object() || !parsed.contains("method") || !parsed["method"].is_string()) continue;
        ++calls;
        methods.insert(parsed["method"].get<std::string>());
    }
    EXPECT_GT(calls, 3000U);
    EXPECT_GT(broken, 300U);
    for (const char* method : {"getblockcount", "getbestblockhash", "getblockhash", "help", "echo", "uptime"}) {
        EXPECT_TRUE(methods.contains(method)) << method;
    }
}

TEST(MakeJsonRequest, NeverNamesAMethodThatStopsOrWaits)
{
    base::Rng rng{2};
    for (int i{0}; i < 4'000; ++i) {
        const std::string text{MakeJsonRequest(rng)};
        EXPECT_EQ(text.find("\"stop\""), std::string::npos) << text;
        EXPECT_EQ(text.find("\"wait"), std::string::npos) << text;
    }
}

} // namespace
} // namespace mpfuzz::domains::bitcoin
