#include <mpfuzz/mutate/test_mutator.h>

namespace mpfuzz::mutate {
namespace {

TEST(SendRaw, ReachesAMessageAndBytesOnAnOpenConnection)
{
    EXPECT_TRUE(
        Bench{}.Reaches(SendRaw, Shop("shop0.ping()\n"), Shop("shop0.ping()\nc0.bytes 0x\"ffffffff\"\n"), 20'000));
    bool finish{false};
    for (const std::string& result : Bench{}.Results(SendRaw, Shop("shop0.ping()\n"))) {
        finish |= result.find("c0.message (finish = (") != std::string::npos;
    }
    EXPECT_TRUE(finish);
}

TEST(SendRaw, SendsNothingOnAClosedConnection)
{
    const auto results{Bench{}.Results(SendRaw, "c0 = connect\ndisconnect c0 clean\n")};
    for (const std::string& result : results) EXPECT_TRUE(result.ends_with("disconnect c0 clean\n")) << result;
}

} // namespace
} // namespace mpfuzz::mutate
