#include <mpfuzz/engine/report.h>

#include <gtest/gtest.h>

namespace mpfuzz::engine {
namespace {

TEST(Report, ProgressIsTheSameAfterDecoding)
{
    Report report{.kind = Report::Kind::PROGRESS};
    report.statistics.programs = 5;
    report.statistics.restarts = 2;
    report.statistics.methods[{1, 2}] = {
        .calls = 10, .answered = 1, .exceptions = {2, 3, 4, 5}, .unanswered = 6, .cancelled = 7, .not_sent = 8};
    report.mutators.counts = {{1, 2, 3, 4, 5}, {6, 7, 8, 9, 10}};
    const std::string line{Encode(report)};
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    const Report back{Decode(line)};
    EXPECT_EQ(back.kind, Report::Kind::PROGRESS);
    EXPECT_EQ(back.mutators, report.mutators);
    EXPECT_EQ(back.statistics.programs, 5);
    EXPECT_EQ(back.statistics.restarts, 2);
    ASSERT_EQ(back.statistics.methods.size(), 1);
    const MethodCounts& counts{back.statistics.methods.at({1, 2})};
    EXPECT_EQ(counts.calls, 10);
    EXPECT_EQ(counts.answered, 1);
    EXPECT_EQ(counts.exceptions, (std::array<uint64_t, 4>{2, 3, 4, 5}));
    EXPECT_EQ(counts.unanswered, 6);
    EXPECT_EQ(counts.cancelled, 7);
    EXPECT_EQ(counts.not_sent, 8);
}

TEST(Report, AFindingIsTheSameAfterDecoding)
{
    const FindingReport finding{.identity = {"crash", "SIGSEGV in \"f\"\n"},
                                .directory = "out/findings/x",
                                .occurrences = 3,
                                .verdict = {.hits = 4, .tries = 5},
                                .steps = 6};
    const FindingReport back{Decode(Encode({.kind = Report::Kind::FINDING, .finding = finding})).finding};
    EXPECT_EQ(back.identity, finding.identity);
    EXPECT_EQ(back.directory, finding.directory);
    EXPECT_EQ(back.occurrences, 3);
    EXPECT_EQ(back.verdict, finding.verdict);
    EXPECT_EQ(back.steps, 6);
}

TEST(Report, TextNeedNotBeUtf8)
{
    const std::string text{"a\xff\nb"};
    EXPECT_EQ(Decode(Encode({.kind = Report::Kind::ERROR, .text = text})).text, "a\xef\xbf\xbd\nb");
}

} // namespace
} // namespace mpfuzz::engine
