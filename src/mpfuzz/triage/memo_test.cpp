#include <mpfuzz/triage/memo.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/base/testing/temporary_directory.h>
#include <mpfuzz/triage/files.h>

#include <gtest/gtest.h>

#include <vector>

namespace mpfuzz::triage {
namespace {

class MemoTest : public testing::Test
{
protected:
    Memo MustOpen(std::string_view subject)
    {
        auto memo{Memo::Open(m_path, subject)};
        CHECK(memo, memo ? "" : memo.GetError().message);
        return std::move(*memo);
    }

    const base::TemporaryDirectory m_directory;
    const std::string m_path{m_directory.Path("minimize.state")};
};

TEST_F(MemoTest, ContainsInTheNextRunWhatWasAdded)
{
    {
        Memo memo{MustOpen("subject")};
        EXPECT_FALSE(memo.Contains(7));
        memo.Add(7);
        memo.Add(UINT64_MAX);
        EXPECT_TRUE(memo.Contains(7));
    }
    Memo memo{MustOpen("subject")};
    EXPECT_EQ(memo.Count(), 2U);
    EXPECT_TRUE(memo.Contains(7));
    EXPECT_TRUE(memo.Contains(UINT64_MAX));
    EXPECT_FALSE(memo.Contains(8));
}

TEST_F(MemoTest, IsOnDiskAtOnce)
{
    Memo memo{MustOpen("subject")};
    memo.Add(0x12);
    memo.Add(0x12);
    const auto text{ReadFile(m_path)};
    ASSERT_TRUE(text);
    EXPECT_EQ(*text, "subject\n0000000000000012\n");
}

TEST_F(MemoTest, BeginsAgainForAnotherSubject)
{
    MustOpen("subject").Add(7);
    EXPECT_EQ(MustOpen("another").Count(), 0U);
    EXPECT_EQ(MustOpen("subject").Count(), 0U);
}

TEST_F(MemoTest, IgnoresAnUnfinishedLineAndContinuesAfterIt)
{
    ASSERT_TRUE(WriteFile(m_path, "subject\n0000000000000007\nnonsense\n00000000000000"));
    {
        Memo memo{MustOpen("subject")};
        EXPECT_EQ(memo.Count(), 1U);
        memo.Add(9);
    }
    Memo memo{MustOpen("subject")};
    EXPECT_TRUE(memo.Contains(7));
    EXPECT_TRUE(memo.Contains(9));
    EXPECT_EQ(memo.Count(), 2U);
}

TEST_F(MemoTest, SaysWhichFileCannotBeWritten)
{
    const auto memo{Memo::Open(m_directory.Path("missing/minimize.state"), "subject")};
    ASSERT_FALSE(memo);
    EXPECT_NE(memo.GetError().message.find(m_directory.Path("missing/minimize.state")), std::string::npos);
}

TEST(MemoSubject, DiffersBySchemaFindingAndArguments)
{
    const Identity crash{observe::FindingKind::CRASH, "SIGSEGV"}, hang{observe::FindingKind::NO_REPLY, "SIGSEGV"};
    const std::vector<std::string> none, two{"a", "b"}, one{"ab"};
    const std::string subject{MemoSubject(1, crash, none)};
    EXPECT_EQ(subject.find('\n'), std::string::npos);
    EXPECT_NE(subject, MemoSubject(2, crash, none));
    EXPECT_NE(subject, MemoSubject(1, hang, none));
    EXPECT_NE(subject, MemoSubject(1, crash, one));
    EXPECT_NE(MemoSubject(1, crash, two), MemoSubject(1, crash, one));
}

} // namespace
} // namespace mpfuzz::triage
