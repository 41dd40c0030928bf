#include <mpfuzz/program/testing/must_parse.h>
#include <mpfuzz/schema/load.h>
#include <mpfuzz/trace/trace.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <csignal>

namespace mpfuzz::trace {
namespace {

using testing::HasSubstr;
using testing::Not;

const schema::Schema& TestSchema()
{
    static const auto SCHEMA{
        *schema::LoadFiles(std::array{std::string{MPFUZZ_SOURCE_DIR "/src/mpfuzz/program/testdata/mining.capnp"}}, {})};
    return *SCHEMA;
}

program::Program MustParse(std::string_view text) { return program::MustParse(TestSchema(), text); }

//! `(result = (hash = BYTES, height = 7))` as an answer of getTip.
program::StructValue Tip(std::string hash)
{
    program::StructValue tip;
    tip.Set(0, program::Blob{std::move(hash)});
    tip.Set(1, int64_t{7});
    program::StructValue answer;
    answer.Set(0, tip);
    return answer;
}

TEST(TracePrint, HasOneAlignedLineForEachStepAndSaysHowTheTargetEnded)
{
    const program::Program program{MustParse("c = connect\n"
                                             "init = c.bootstrap Init\n"
                                             "m = init.makeMining()\n"
                                             "m.result.getTip()\n"
                                             "m.result.getTip()\n"
                                             "await all\n"
                                             "m.result.getBlocks(count = 5)\n")};
    program::StructValue mining;
    mining.Set(0, program::SeenCapability{});
    Trace trace;
    trace.outcomes = {
        {.status = Status::DONE},
        {.status = Status::ANSWERED, .sent_ns = 10'000, .ended_ns = 510'000},
        {.status = Status::ANSWERED, .answer = mining, .sent_ns = 20'000, .ended_ns = 12'345'678},
        {.status = Status::ANSWERED, .answer = Tip("abc"), .sent_ns = 30'000, .ended_ns = 40'000},
        {.status = Status::EXCEPTION,
         .exception = ExceptionKind::OVERLOADED,
         .message = "no\nroom",
         .sent_ns = 30'000,
         .ended_ns = 40'000},
        {.status = Status::UNANSWERED, .awaited = true, .sent_ns = 50'000},
        {.status = Status::SKIPPED, .message = "the target was gone"},
    };
    trace.duration_ns = 99'000'000;
    EXPECT_EQ(Print(TestSchema(), program, trace),
              R"(#  step                                                  how         sent ms  took ms  answer
0  c0 = connect                                          done          0.000
1  init0 = c0.bootstrap Init                             answered      0.010    0.500
2  makeMining0 = init0.makeMining()                      answered      0.020   12.326  (result = <capability>)
3  getTip0 = makeMining0.result.getTip()                 answered      0.030    0.010  (result = (hash = "abc", height = 7))
4  getTip1 = makeMining0.result.getTip()                 exception     0.030    0.010  overloaded "no\nroom"
5  await all                                             unanswered    0.050           awaited until its deadline
6  getBlocks0 = makeMining0.result.getBlocks(count = 5)  not sent                      "the target was gone"
after 99.000 ms the target was alive
)");
}

TEST(TracePrint, KeepsBothEndsOfALongAnswerAndItsLength)
{
    const program::Program program{MustParse("c = connect\ni = c.bootstrap Mining\ni.getTip()\n")};
    Trace trace;
    trace.outcomes.resize(3);
    trace.outcomes[2] = {
        .status = Status::ANSWERED, .answer = Tip(std::string(5'000, 'x')), .sent_ns = 1, .ended_ns = 2};
    const std::string text{Print(TestSchema(), program, trace)};
    EXPECT_THAT(text, HasSubstr("(result = (hash = \"xxx"));
    EXPECT_THAT(text, HasSubstr("xxx ...(5034 characters)... xxx"));
    EXPECT_THAT(text, HasSubstr("xxx\", height = 7))\n"));
    EXPECT_LT(text.size(), 600U);
}

TEST(TracePrint, ShowsWholeValuesInFullAndNoLongLinesOfBlanks)
{
    const std::string name(200, 'n');
    const program::Program program{MustParse("c = connect\ni = c.bootstrap Mining\ni.getTip()\n"
                                             "s = serve ThreadMap\ni.getBlock(hash = \"" +
                                             name + "\")\n")};
    const auto method{TestSchema().FindMethod(TestSchema().FindInterface("Mining").value(), "getBlock")};
    program::StructValue arguments;
    arguments.Set(0, program::Blob{std::string(300, 'a')});
    Trace trace;
    trace.outcomes.resize(5);
    trace.outcomes[2] = {
        .status = Status::ANSWERED, .answer = Tip(std::string(5'000, 'x')), .sent_ns = 1, .ended_ns = 2};
    trace.served = {{.step = 3, .method = method.value(), .arguments = arguments}};
    const std::string text{Print(TestSchema(), program, trace, Detail::FULL)};
    EXPECT_THAT(text, HasSubstr("(result = (hash = \"" + std::string(5'000, 'x') + "\", height = 7))\n"));
    EXPECT_THAT(text, HasSubstr("= \"" + name + "\")  not sent\n"));
    EXPECT_THAT(text, HasSubstr("= \"" + std::string(300, 'a') + "\") on the object of step 3"));
    EXPECT_THAT(text, Not(HasSubstr(std::string(100, ' '))));
}

TEST(TracePrint, ShowsWhyTheTargetDiedAndWhatItCalledBack)
{
    const program::Program program{MustParse("s = serve ThreadMap\n")};
    const auto method{TestSchema().FindMethod(TestSchema().FindInterface("ThreadMap").value(), "makeThread")};
    Trace trace;
    trace.outcomes = {{.status = Status::DONE}};
    trace.served = {{.step = 0, .method = method.value(), .at_ns = 1'500'000}};
    trace.ending = {.alive = false, .responsive = false, .signal = SIGABRT, .log_tail = "assertion\nfailed\n"};
    const std::string text{Print(TestSchema(), program, trace)};
    EXPECT_THAT(text, HasSubstr("called back: ThreadMap.makeThread() on the object of step 0, at 1.500 ms\n"));
    EXPECT_THAT(text, HasSubstr("the target had ended: signal 6\nthe end of its log:\n  | assertion\n  | failed\n"));
    EXPECT_THAT(text, Not(HasSubstr("its threads")));
}

TEST(TracePrint, TellsThatAServerThatWasNotStartedHereIsGoneAndWhatItClosed)
{
    Trace trace;
    trace.ending = {.alive = false, .responsive = false, .closed = {{2, "Peer disconnected."}, {std::nullopt, ""}}};
    EXPECT_THAT(Print(TestSchema(), MustParse("c = connect\n"), trace),
                HasSubstr("the target accepted no connections\n"
                          "it closed the connection of step 2 (Peer disconnected.)\nit closed a new connection ()\n"));
}

TEST(TracePrint, AcceptsATraceWithFewerOutcomesThanSteps)
{
    const program::Program program{MustParse("c = connect\nawait all\n")};
    EXPECT_THAT(Print(TestSchema(), program, Trace{}), HasSubstr("1  await all     not done\n"));
}

TEST(TraceName, IsAWordOfTheGlossary)
{
    EXPECT_EQ(Name(Status::CANCELLED), "cancelled");
    EXPECT_EQ(Name(Status::SKIPPED), "not sent");
    EXPECT_EQ(Name(Status::LOCAL), "not sent");
    EXPECT_EQ(Name(ExceptionKind::UNIMPLEMENTED), "unimplemented");
}

} // namespace
} // namespace mpfuzz::trace
