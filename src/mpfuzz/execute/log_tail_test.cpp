#include <mpfuzz/execute/log_tail.h>

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace mpfuzz::execute {
namespace {

std::string LogTailOfText(const std::string& text)
{
    const std::string path{testing::TempDir() + "/log_tail." + std::to_string(getpid())};
    std::ofstream{path} << text;
    const std::string words{LogTailOf(path)};
    std::filesystem::remove(path);
    return words;
}

const std::string CHATTER(LAST_WORDS_BYTES, 'x');
const std::string HEADING{"==17==ERROR: AddressSanitizer: SEGV on unknown address\n"};

TEST(LogTail, AreTheTailOfALog)
{
    EXPECT_EQ(LogTailOfText("bye\n"), "bye\n");
    EXPECT_EQ(LogTailOfText("y" + CHATTER), CHATTER);
    EXPECT_EQ(LogTailOf("/nonexistent"), "");
}

TEST(LogTail, BeginWithALongReport)
{
    EXPECT_EQ(LogTailOfText("before\n" + HEADING + CHATTER + CHATTER), HEADING + CHATTER + CHATTER);
    EXPECT_EQ(LogTailOfText(HEADING + CHATTER), HEADING + CHATTER) << "it is the first line";
    const std::string race{"WARNING: ThreadSanitizer: data race (pid=17)\n"};
    EXPECT_EQ(LogTailOfText("before\n" + HEADING + race + CHATTER), race + CHATTER);
}

TEST(LogTail, HaveWhatWasWrittenBeforeAShortReport)
{
    const std::string words{LogTailOfText(CHATTER + "\n" + HEADING)};
    EXPECT_EQ(words.size(), LAST_WORDS_BYTES);
    EXPECT_TRUE(words.ends_with("x\n" + HEADING));
}

TEST(LogTail, AreBounded) { EXPECT_EQ(LogTailOfText(HEADING + std::string(LONGEST_REPORT_BYTES, 'x')), CHATTER); }

} // namespace
} // namespace mpfuzz::execute
