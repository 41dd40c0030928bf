#include <mpfuzz/peer/frames.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace mpfuzz::peer {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string Message(uint8_t words)
{
    return std::string(4, '\0') + std::string{static_cast<char>(words), 0, 0, 0} + std::string(words * 8U, 'x');
}

std::vector<size_t> Split(const std::string& bytes, size_t piece, FrameSplitter& splitter)
{
    std::vector<size_t> sizes;
    for (size_t i{0}; i < bytes.size(); i += piece) {
        const std::string part{bytes.substr(i, piece)};
        splitter.Feed({reinterpret_cast<const kj::byte*>(part.data()), part.size()},
                      [&](kj::ArrayPtr<const capnp::word> message) { sizes.push_back(message.size()); });
    }
    return sizes;
}

TEST(FrameSplitter, FindsTheSameMessagesForAllPieceSizes)
{
    const std::string bytes{Message(1) + Message(0) + Message(9)};
    for (const size_t piece : {1U, 3U, 8U, 17U, 1'000U}) {
        FrameSplitter splitter;
        EXPECT_THAT(Split(bytes, piece, splitter), ElementsAre(2, 1, 10)) << piece;
        EXPECT_EQ(splitter.Pending(), 0U);
    }
}

TEST(FrameSplitter, CountsSegments)
{
    FrameSplitter splitter;
    // Two segments of 1 and 2 words; their table is padded to two words.
    const std::string bytes{std::string{1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0} + std::string(24, 'x')};
    EXPECT_THAT(Split(bytes, 5, splitter), ElementsAre(5));
}

TEST(FrameSplitter, KeepsAnIncompleteMessage)
{
    FrameSplitter splitter;
    EXPECT_THAT(Split(Message(3).substr(0, 20), 20, splitter), IsEmpty());
    EXPECT_EQ(splitter.Pending(), 20U);
    EXPECT_FALSE(splitter.Broken());
}

TEST(FrameSplitter, ReportsBytesThatAreNotMessages)
{
    FrameSplitter splitter;
    EXPECT_THAT(Split(Message(1) + std::string(64, '\xff') + Message(1), 10, splitter), ElementsAre(2));
    EXPECT_TRUE(splitter.Broken());
    EXPECT_EQ(splitter.Pending(), 0U);
}

} // namespace
} // namespace mpfuzz::peer
