#include <mpfuzz/base/check.h>
#include <mpfuzz/base/digest.h>
#include <mpfuzz/base/file.h>
#include <mpfuzz/base/result.h>
#include <mpfuzz/base/rng.h>
#include <mpfuzz/base/testing/temporary_directory.h>
#include <mpfuzz/base/text.h>

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace mpfuzz::base {
namespace {

TEST(Check, ExitsWithStatusThreeAndPrintsTheValues)
{
    EXPECT_EXIT(CHECK(1 == 2, "apples", 7), testing::ExitedWithCode(EXIT_OWN_BUG), "1 == 2 \\(apples, 7\\)");
    EXPECT_EQ(CheckValues(std::string{"a"}, 'b', true, -1, UINT64_MAX), "a, b, 1, -1, 18446744073709551615");
    EXPECT_EQ(CheckValues(), "");
}

TEST(Rng, SequenceIsTheSameOnEveryMachine)
{
    Rng rng{1};
    const std::array<uint64_t, 3> first{rng.Next(), rng.Next(), rng.Next()};
    EXPECT_EQ(first, (std::array<uint64_t, 3>{0xb3f2af6d0fc710c5, 0x853b559647364cea, 0x92f89756082a4514}));
}

TEST(Rng, RangeIncludesBothEndsAndAcceptsAllOfInt64)
{
    Rng rng{2};
    bool low{false}, high{false};
    for (int i{0}; i < 1000; ++i) {
        const int64_t value{rng.Range(-1, 1)};
        ASSERT_GE(value, -1);
        ASSERT_LE(value, 1);
        low |= value == -1;
        high |= value == 1;
    }
    EXPECT_TRUE(low && high);
    rng.Range(INT64_MIN, INT64_MAX);
}

TEST(Rng, WeightedNeverPicksAZeroWeight)
{
    Rng rng{3};
    const std::array<uint32_t, 3> weights{0, 5, 1};
    std::array<int, 3> counts{};
    for (int i{0}; i < 6000; ++i) ++counts[rng.Weighted(weights)];
    EXPECT_EQ(counts[0], 0);
    EXPECT_GT(counts[1], 4 * counts[2]);
}

TEST(Rng, SkewedLengthReachesZeroAndTheMaximum)
{
    Rng rng{4};
    bool zero{false}, max{false};
    for (int i{0}; i < 20'000; ++i) {
        const uint64_t length{rng.SkewedLength(64)};
        ASSERT_LE(length, 64U);
        zero |= length == 0;
        max |= length == 64;
    }
    EXPECT_TRUE(zero && max);
}

TEST(Text, HexRoundTripsEveryByte)
{
    std::string bytes;
    for (int i{0}; i < 256; ++i) bytes += static_cast<char>(i);
    EXPECT_EQ(FromHex(ToHex(bytes)), bytes);
    EXPECT_EQ(FromHex("abc"), std::nullopt);
    EXPECT_EQ(FromHex("zz"), std::nullopt);
}

TEST(Text, QuoteEscapesUnprintableBytes)
{
    EXPECT_EQ(Quote(std::string_view{"a\"\\\n\0\xff", 6}), "\"a\\\"\\\\\\n\\x00\\xff\"");
}

TEST(Text, ReplaceAllDoesNotSearchInsertedText)
{
    std::string text{"a-aa"};
    ReplaceAll(text, "a", "ba");
    EXPECT_EQ(text, "ba-baba");
}

TEST(Text, NearestFindsTheTypoAndRejectsOtherWords)
{
    const std::vector<std::string> keys{"socket", "command", "schema"};
    EXPECT_EQ(Nearest("sokcet", keys), "socket");
    EXPECT_EQ(Nearest("xylophones", keys), "");
}

TEST(Digest, IsTheStartOfSha256)
{
    EXPECT_EQ(DigestHex("abc"), "ba7816bf8f01cfea");
    EXPECT_EQ(Digest64("abc"), 0xba7816bf8f01cfeaULL);
}

TEST(Result, HoldsEitherAValueOrAMessage)
{
    const Result<int> good{7};
    const Result<int> bad{Error{"no"}};
    EXPECT_EQ(*good, 7);
    EXPECT_EQ(bad.GetError().message, "no");
    EXPECT_EXIT(*bad, testing::ExitedWithCode(EXIT_OWN_BUG), "no");
}

TEST(DidYouMean, EndsAnErrorWithTheNearestCandidate)
{
    const std::vector<std::string> candidates{"typed", "objects"};
    EXPECT_EQ(DidYouMean("typd", candidates), "; did you mean `typed`?");
    EXPECT_EQ(DidYouMean("responses", candidates), "");
}

TEST(ReadFile, ReadsRegularFilesAndLinksToThem)
{
    const TemporaryDirectory directory;
    const std::string path{directory.Write("file", std::string("a\0b", 3))};
    EXPECT_EQ(*ReadFile(path), std::string("a\0b", 3));
    ASSERT_EQ(symlink(path.c_str(), directory.Path("link").c_str()), 0);
    EXPECT_EQ(*ReadFile(directory.Path("link")), std::string("a\0b", 3));
}

TEST(ReadFile, RefusesWhatIsNoRegularFileAndSaysWhatItIs)
{
    const TemporaryDirectory directory;
    const auto error_of{[](const std::string& path) {
        const auto content{ReadFile(path)};
        return content ? "no error" : content.GetError().message;
    }};
    const std::string fifo{directory.Path("fifo")};
    ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
    EXPECT_EQ(error_of(fifo), fifo + ": is a FIFO, not a regular file");
    const std::string link{directory.Path("link")};
    ASSERT_EQ(symlink("/dev/zero", link.c_str()), 0);
    EXPECT_EQ(error_of(link), link + ": is a device, not a regular file");
    EXPECT_EQ(error_of(directory.Path()), directory.Path() + ": is a directory, not a regular file");
    const std::string none{directory.Path("none")};
    EXPECT_EQ(error_of(none), "cannot open " + none + ": No such file or directory");
}

TEST(ReadFile, RefusesALargeFile)
{
    const TemporaryDirectory directory;
    const std::string path{directory.Write("large", "")};
    ASSERT_EQ(truncate(path.c_str(), MAX_FILE_SIZE), 0);
    EXPECT_TRUE(ReadFile(path));
    ASSERT_EQ(truncate(path.c_str(), MAX_FILE_SIZE + 1), 0);
    ASSERT_FALSE(ReadFile(path));
    EXPECT_EQ(ReadFile(path).GetError().message, path + ": is larger than 64 MiB");
}

TEST(ReadTail, GivesTheLastBytes)
{
    const TemporaryDirectory directory;
    const std::string path{directory.Write("log", "0123456789")};
    EXPECT_EQ(ReadTail(path, 3), "789");
    EXPECT_EQ(ReadTail(path, 10), "0123456789");
    EXPECT_EQ(ReadTail(path, 11), "0123456789");
    std::remove(path.c_str());
    EXPECT_EQ(ReadTail(path, 3), "") << "it does not exist";
}

} // namespace
} // namespace mpfuzz::base
