#include <mpfuzz/execute/last_words.h>

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace mpfuzz::execute {
namespace {

std::string LastWordsOfText(const std::string& text)
{
    const std::string path{testing::TempDir() + "/last_words." + std::to_string(getpid())};
    std::ofstream{path} << text;
    const std::string words{LastWordsOf(path)};
    std::filesystem::remove(path);
    return words;
}

const std::string CHATTER(LAST_WORDS_BYTES, 'x');
const std::string HEADING{"==17==ERROR: AddressSanitizer: SEGV on unknown address\n"};

TEST(LastWords, AreTheTailOfALog)
{
    EXPECT_EQ(LastWordsOfText("bye\n"), "bye\n");
    EXPECT_EQ(LastWordsOfText("y" + CHATTER), CHATTER);
    EXPECT_EQ(LastWordsOf("/nonexistent"), "");
}

TEST(LastWords, BeginWithALongReport)
{
    EXPECT_EQ(LastWordsOfText("before\n" + HEADING + CHATTER + CHATTER), HEADING + CHATTER + CHATTER);
    EXPECT_EQ(LastWordsOfText(HEADING + CHATTER), HEADING + CHATTER) << "it is the first line";
    const std::string race{"WARNING: ThreadSanitizer: data race (pid=17)\n"};
    EXPECT_EQ(LastWordsOfText("before\n" + HEADING + race + CHATTER), race + CHATTER);
}

TEST(LastWords, HaveWhatWasWrittenBeforeAShortReport)
{
    const std::string words{LastWordsOfText(CHATTER + "\n" + HEADING)};
    EXPECT_EQ(words.size(), LAST_WORDS_BYTES);
    EXPECT_TRUE(words.ends_with("x\n" + HEADING));
}

TEST(LastWords, AreBounded) { EXPECT_EQ(LastWordsOfText(HEADING + std::string(LONGEST_REPORT_BYTES, 'x')), CHATTER); }

} // namespace
} // namespace mpfuzz::execute
