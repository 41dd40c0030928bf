#include <mpfuzz/observe/normalize.h>

#include <gtest/gtest.h>

namespace mpfuzz::observe {
namespace {

TEST(NormalizeWords, RemovesWhatDiffersFromRunToRun)
{
    EXPECT_EQ(NormalizeWords("read 12 of -7 bytes at 0x7f00ab, 1.5e+20s"), "read N of N bytes at N, Ns");
    EXPECT_EQ(NormalizeWords("block 000000000019d6689c085ae165831e93 unknown"), "block N unknown");
    EXPECT_EQ(NormalizeWords("Unable to bind to unix:/tmp/x81Ab/node.sock (pid 4711)"),
              "Unable to bind to unix:PATH (pid N)");
    EXPECT_EQ(NormalizeWords("/home/me/src/kj/async.c++:17:3: failed: \"a \\b\""), "async.c++: failed: \"...\"");
    EXPECT_EQ(NormalizeWords("mp/proxy.cpp:312: failed"), "proxy.cpp: failed");
    EXPECT_EQ(NormalizeWords("2026-01-31T23:59:59.25Z Shutdown: done"), "Shutdown: done");
}

TEST(NormalizeWords, KeepsIdentifiersAndOrdinaryWords)
{
    for (const std::string_view text :
         {"std::vector<uint256>::at", "int64_t overflow", "either/or", "a - b", "deadbeef", "don't \"", "x:y"}) {
        EXPECT_EQ(NormalizeWords(text), text);
    }
}

TEST(OneLine, IsPrintableAndShort)
{
    EXPECT_EQ(OneLine("  a\t\tb\nc\x01\xff ", 100), "a b c??");
    EXPECT_EQ(OneLine("abc def", 4), "abc");
    EXPECT_EQ(OneLine("", 4), "");
}

} // namespace
} // namespace mpfuzz::observe
