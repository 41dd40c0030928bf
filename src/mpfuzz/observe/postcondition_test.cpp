// This file is long because it tests both the grammar of postconditions and how they are judged.
#include <mpfuzz/observe/postcondition.h>
#include <mpfuzz/observe/titles_of.h>

#include <mpfuzz/observe/shelf_fixture.h>

#include <gmock/gmock.h>

namespace mpfuzz::observe {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class PostconditionTest : public ShelfTest
{
protected:
    void SetPostcondition(std::string_view text, std::string_view methods = "Shelf.echo")
    {
        auto parsed{ParsePostcondition(*m_schema, methods, text)};
        ASSERT_TRUE(parsed) << text << ": " << parsed.GetError().message;
        m_limits.postconditions = std::move(*parsed);
    }
    std::string ParseError(std::string_view text, std::string_view methods = "Shelf.echo") const
    {
        const auto parsed{ParsePostcondition(*m_schema, methods, text)};
        return parsed ? "no error" : parsed.GetError().message;
    }
    //! One call of echo, step 2.
    void Echo(std::string_view arguments, std::string_view answer)
    {
        Run("c0 = connect\ns = c0.bootstrap Shelf\ne = s.echo" + std::string{arguments} + "\n");
        Answer(2, answer);
    }
    //! The details of the one postcondition that is broken.
    std::string Details(std::string_view text, std::string_view methods = "Shelf.echo")
    {
        SetPostcondition(text, methods);
        const auto problems{JudgePostconditions(GetCase())};
        return problems.size() == 1 ? problems[0].details : std::to_string(problems.size()) + " problems";
    }
    bool IsBroken(std::string_view text)
    {
        SetPostcondition(text);
        return !JudgePostconditions(GetCase()).empty();
    }
};

using Syntax = PostconditionTest;
using Postconditions = PostconditionTest;

TEST_F(Syntax, AcceptsAllOfTheGrammar)
{
    for (const char* text :
         {"answer.text == argument.text", "answer.number >= -7 and answer.big < 0xff", "size(answer.list) == 3",
          "if answer.flag == true then size(answer.text) > 0 and answer.place.row != 1", "0x\"00ff\" == answer.data",
          "answer.place == argument.place", "answer.list == previous.list", "answer.colour == \"blue\"",
          "answer.ratio <= 1", "answer.text != \"a and b\""}) {
        EXPECT_EQ(ParseError(text), "no error") << text;
    }
}

TEST_F(Syntax, SaysWhatIsWrongAndWhatWasExpected)
{
    EXPECT_EQ(ParseError("answer.txet == argument.text"),
              "Shelf.echo's results have no field `txet`; did you mean `text`?");
    EXPECT_EQ(ParseError("answer.place.nam == \"\""), "`place` has no field `nam`; did you mean `name`?");
    EXPECT_THAT(ParseError("answer.text = argument.text"), HasSubstr("at `argument.text`: `==` was expected"));
    EXPECT_THAT(ParseError("answer.text =="), HasSubstr("at its end: `answer.FIELD`"));
    EXPECT_THAT(ParseError("result.text == 1"), HasSubstr("at `result.text == 1`: `answer.FIELD`"));
    EXPECT_THAT(ParseError("answer == 1"), HasSubstr("`.FIELD` was expected"));
    EXPECT_THAT(ParseError("answer.number == 1 or true == true"), HasSubstr("`and`, or the end, was expected"));
    EXPECT_THAT(ParseError("if answer.number == 1"), HasSubstr("`then` was expected"));
    EXPECT_THAT(ParseError("size(answer.number) == 1"), HasSubstr("`size` was given a number"));
    EXPECT_THAT(ParseError("answer.number == \"x"), HasSubstr("not closed"));
    EXPECT_THAT(ParseError("answer.number == 1.5"), HasSubstr("a whole number"));
}

TEST_F(Syntax, RejectsOperandsThatCannotBeCompared)
{
    EXPECT_EQ(ParseError("answer.number == \"7\""),
              "`answer.number == \"7\"`: a number and text or data cannot be compared");
    EXPECT_THAT(ParseError("answer.other == 1"), HasSubstr("Shelf has no value that could be compared"));
    EXPECT_THAT(ParseError("answer.list < previous.list"), HasSubstr("only be compared with =="));
    EXPECT_THAT(ParseError("answer.text < \"b\""), HasSubstr("only numbers can be compared with <"));
    EXPECT_THAT(ParseError("answer.place == answer.list"), HasSubstr("cannot be compared"));
    EXPECT_EQ(ParseError("answer.colour == \"bleu\""), "Colour has no enumerant \"bleu\"; did you mean \"blue\"?");
}

TEST_F(Syntax, NamesTheNearestMethod)
{
    EXPECT_EQ(ParseError("answer.number == 1", "Shelf.cuont"),
              "no method matches `Shelf.cuont`; did you mean `Shelf.count`?");
    EXPECT_THAT(ParseError("answer.number == 1", "Shelf.*"), HasSubstr("have no field `number`"))
        << "each method that the glob matches needs the field";
}

TEST_F(Postconditions, TitleNamesTheMethodAndTheRelation)
{
    Echo("(text = \"a\")", "(text = \"b\")");
    SetPostcondition("answer.text   ==  argument.text");
    EXPECT_THAT(TitlesOf(JudgePostconditions(GetCase())),
                ElementsAre("postcondition of Shelf.echo: answer.text == argument.text"));
}

TEST_F(Postconditions, DetailsNameTheStepAndHaveTheWholeValues)
{
    const std::string text(300, 't');
    Echo("(text = \"" + text + "\", place = (row = 2))", "(list = [\"x\", \"y\"], ratio = 0.5, colour = blue)");
    EXPECT_EQ(
        Details("answer.number == 0 and answer.text == argument.text"),
        "step 2, echo0: in the claim \"answer.text == argument.text\", answer.text is \"\" and argument.text is \"" +
            text + "\"");
    EXPECT_EQ(Details("if answer.number == 0 then size(answer.list) > 0x10"),
              "step 2, echo0: in the claim \"size(answer.list) > 16\", size(answer.list) is 2");
    EXPECT_EQ(Details("argument.place.row != 2"),
              "step 2, echo0: in the claim \"argument.place.row != 2\", argument.place.row is 2");
    EXPECT_EQ(Details("answer.ratio >= 1"), "step 2, echo0: in the claim \"answer.ratio >= 1\", answer.ratio is 0.5");
    EXPECT_EQ(Details("answer.colour == \"red\""),
              "step 2, echo0: in the claim \"answer.colour == red\", answer.colour is blue");
    EXPECT_EQ(Details("answer.place == argument.place"),
              "step 2, echo0: in the claim \"answer.place == argument.place\", "
              "answer.place is () and argument.place is (row = 2)");
}

TEST_F(Postconditions, DetailsNameTheStepOfThePreviousAnswer)
{
    Run("c0 = connect\ns = c0.bootstrap Shelf\na = s.count()\nb = s.makeLane()\nc = s.count()\n");
    Answer(2, "(number = 102)");
    Answer(4, "(number = 101)");
    EXPECT_EQ(Details("answer.number >= previous.number", "Shelf.count"),
              "step 4, count1: in the claim \"answer.number >= previous.number\", answer.number is 101 and "
              "previous.number (step 2, count0) is 102");
}

TEST_F(Postconditions, CompareOperandsOfEveryClass)
{
    Echo("(text = \"a\", data = \"\\x00\", number = 5, list = [\"x\", \"y\"], place = (row = 2))",
         "(text = \"a\", data = \"\\x00\", number = 5, list = [\"x\", \"y\"], place = (row = 2), colour = blue)");
    for (const char* kept :
         {"answer.text == argument.text", "answer.text == \"a\"", "answer.text != \"b\"", "answer.data == 0x\"00\"",
          "answer.number == argument.number", "answer.number <= 5", "answer.number > -1",
          "answer.number < 0xffffffffffffffff", "answer.flag == false", "answer.list == argument.list",
          "size(answer.list) == 2", "size(answer.data) == 1", "answer.place == argument.place", "answer.place.row == 2",
          "answer.colour == \"blue\"", "answer.ratio == 0", "answer.ratio < 1"}) {
        EXPECT_FALSE(IsBroken(kept)) << kept;
    }
    for (const char* broken :
         {"answer.text != argument.text", "answer.text == \"b\"", "answer.data == 0x\"01\"",
          "answer.number != argument.number", "answer.number < 5", "answer.number >= 6", "answer.flag == true",
          "size(answer.list) == size(answer.text)", "answer.place.row == 3", "answer.colour != \"blue\"",
          "answer.ratio > 0", "answer.number == 5 and answer.flag == true"}) {
        EXPECT_TRUE(IsBroken(broken)) << broken;
    }
}

TEST_F(Postconditions, FillInDefaults)
{
    Echo("()", "()");
    for (const char* kept :
         {"argument.number == -7", "argument.flag == true", "argument.colour == \"green\"", "answer.number == 0",
          "answer.text == \"\"", "size(answer.list) == 0", "answer.place.name == argument.place.name",
          "answer.named == \"none\"", "answer.place == argument.place", "answer.text == argument.text"}) {
        EXPECT_FALSE(IsBroken(kept)) << kept;
    }
    Echo("(text = null, list = null)", "(text = \"\", list = [])");
    EXPECT_FALSE(IsBroken("answer.text == argument.text")) << "null and empty are equal";
    EXPECT_FALSE(IsBroken("answer.list == argument.list"));
}

TEST_F(Postconditions, ClaimNothingIfTheConditionDoesNotHold)
{
    Echo("()", "(number = 3)");
    EXPECT_FALSE(IsBroken("if answer.number == 4 then answer.flag == true"));
    EXPECT_TRUE(IsBroken("if answer.number == 3 then answer.flag == true"));
    EXPECT_FALSE(IsBroken("if answer.number == 3 and answer.big == 1 then answer.flag == true"));
}

TEST_F(Postconditions, AreNotJudgedIfAnOperandIsNotKnown)
{
    Echo("(list = [\"a\" * 3])", "(choice = ())");
    EXPECT_FALSE(IsBroken("answer.choice.left == 1")) << "the other branch may be the one that is set";
    EXPECT_FALSE(IsBroken("answer.choice.right == \"x\""));
    EXPECT_FALSE(IsBroken("argument.list == answer.list")) << "the list is a RepeatValue, which is not compared";
    EXPECT_FALSE(IsBroken("size(argument.list) == 3"));
    EXPECT_TRUE(IsBroken("size(argument.list) == 4"));
    EXPECT_FALSE(IsBroken("answer.number == previous.number and previous.flag == true")) << "there is no earlier call";
}

TEST_F(Postconditions, FollowReferencesIntoEarlierAnswers)
{
    Run(R"(c0 = connect
s = c0.bootstrap Shelf
a = s.echo()
b = s.echo(text = $a.text|cut(1)|append("z"), number = $a.number, small = $a.big)
)");
    Answer(2, "(text = \"xyz\", number = 4, big = 256)");
    Answer(3, "(text = \"xz\", number = 4)");
    SetPostcondition("answer.text == argument.text and answer.number == argument.number");
    EXPECT_FALSE(JudgePostconditions(GetCase()).empty()) << "the first call had no arguments";
    SetPostcondition(
        "if size(argument.text) == 2 then answer.text == argument.text and answer.number == argument.number");
    EXPECT_THAT(TitlesOf(JudgePostconditions(GetCase())), IsEmpty());
    Answer(3, "(text = \"xyz\", number = 4)");
    EXPECT_FALSE(JudgePostconditions(GetCase()).empty());
    SetPostcondition("if size(argument.text) == 2 then argument.small == 0");
    EXPECT_THAT(TitlesOf(JudgePostconditions(GetCase())), IsEmpty()) << "a number that was cut is not known";
    SetPostcondition("if size(argument.text) == 2 then answer.flag == true");
    EXPECT_FALSE(JudgePostconditions(GetCase()).empty());
    m_trace.outcomes[2].ended_ns = m_trace.outcomes[3].sent_ns + 1;
    EXPECT_THAT(TitlesOf(JudgePostconditions(GetCase())), IsEmpty())
        << "the answer arrived after the second call was sent";
}

TEST_F(Postconditions, PreviousIsTheLatestCallThatWasFinishedBefore)
{
    constexpr std::string_view THREE{R"(c0 = connect
s = c0.bootstrap Shelf
a = s.count()
b = s.count()
c = s.count()
)"};
    Run(THREE);
    Answer(2, "(number = 1)");
    Answer(3, "(number = 3)");
    Answer(4, "(number = 2)");
    SetPostcondition("answer.number >= previous.number", "Shelf.count");
    EXPECT_FALSE(JudgePostconditions(GetCase()).empty());
    m_trace.outcomes[3].ended_ns = m_trace.outcomes[4].sent_ns + 1;
    EXPECT_THAT(TitlesOf(JudgePostconditions(GetCase())), IsEmpty())
        << "calls that overlap may be executed in any order";
    m_trace.outcomes[3].ended_ns = m_trace.outcomes[3].sent_ns;
    m_trace.outcomes[3].status = Status::EXCEPTION;
    EXPECT_THAT(TitlesOf(JudgePostconditions(GetCase())), IsEmpty()) << "an exception is not an answer";
}

TEST_F(Postconditions, PreviousIsKnownInAQueueEvenIfCallsOverlap)
{
    Run(R"(c0 = connect
s = c0.bootstrap Shelf
l = s.makeLane()
a = s.echo(lane = l.lane)
b = s.echo(lane = l.lane)
)");
    AnswerCapability(m_trace, 2, "lane");
    Answer(3, "(number = 2)");
    Answer(4, "(number = 1)");
    m_trace.outcomes[3].ended_ns = 1'000;
    m_trace.outcomes[4].ended_ns = 1'001;
    SetPostcondition("answer.number >= previous.number");
    EXPECT_THAT(TitlesOf(JudgePostconditions(GetCase())), IsEmpty());
    m_limits.queues = *ParseQueues(*m_schema, "lane");
    EXPECT_FALSE(JudgePostconditions(GetCase()).empty());
}

TEST_F(Postconditions, ApplyToCallsThatTheTargetItselfAnswered)
{
    Echo("(text = \"a\")", "(text = \"b\")");
    SetPostcondition("answer.text == argument.text");
    for (const Status status :
         {Status::EXCEPTION, Status::UNANSWERED, Status::CANCELLED, Status::LOCAL, Status::SKIPPED}) {
        m_trace.outcomes[2].status = status;
        EXPECT_THAT(TitlesOf(JudgePostconditions(GetCase())), IsEmpty()) << trace::Name(status);
    }
    m_trace.outcomes[2].status = Status::ANSWERED;
    m_trace.served.push_back({.step = 0, .method = m_schema->MatchMethods("Shelf.echo")[0], .at_ns = 0});
    EXPECT_THAT(TitlesOf(JudgePostconditions(GetCase())), IsEmpty()) << "one of our served objects may have answered";

    Run("c0 = connect\ns = c0.bootstrap Shelf\ne = s.echo(text = \"a\")\nsignal TERM\n");
    EXPECT_THAT(TitlesOf(JudgePostconditions(GetCase())), IsEmpty()) << "after a signal, calls may end early";

    Run("c0 = connect\nc0.bytes \"x\"\ns = c0.bootstrap Shelf\ne = s.echo(text = \"a\")\n");
    EXPECT_THAT(TitlesOf(JudgePostconditions(GetCase())), IsEmpty()) << "the answer may be a reply to our raw bytes";
}

TEST_F(Postconditions, IgnoreAnswersThatMayHaveBeenCut)
{
    Echo("(text = \"a\")", "()");
    m_trace.outcomes[2].answer->Set(0, program::Blob{std::string(trace::MAX_ANSWER_BYTES, 'x')});
    EXPECT_FALSE(IsBroken("answer.text == argument.text"));
    m_trace.outcomes[2].answer->Set(0, program::Blob{std::string(trace::MAX_ANSWER_BYTES - 1, 'x')});
    EXPECT_TRUE(IsBroken("answer.text == argument.text"));
}

TEST_F(Postconditions, TreatEqualBitsAsEqual)
{
    Echo("(ratio = nan)", "(ratio = nan)");
    EXPECT_FALSE(IsBroken("answer.ratio == argument.ratio"));
    EXPECT_TRUE(IsBroken("answer.ratio == 1"));
    EXPECT_TRUE(IsBroken("answer.ratio < 1"));
}

TEST_F(Postconditions, CanBeWrittenInCppByADomain)
{
    Echo("()", "(number = 3)");
    m_limits.coded_postconditions.push_back(
        {"Shelf.echo", [](const schema::Schema&, const program::Program&, const trace::Trace& trace) {
             const bool answered{trace.outcomes.back().status == trace::Status::ANSWERED};
             const auto last{static_cast<program::StepIndex>(trace.outcomes.size() - 1)};
             return answered ? std::optional{domain::Fault{"it answers", {last}, "3 is odd"}} : std::nullopt;
         }});
    const auto problems{JudgePostconditions(GetCase())};
    EXPECT_THAT(TitlesOf(problems), ElementsAre("postcondition of Shelf.echo: it answers"));
    EXPECT_EQ(problems.at(0).details, "3 is odd\nstep 2, echo0: arguments (), answer (number = 3)");
    m_trace.served.push_back({.step = 0, .method = m_schema->MatchMethods("Shelf.echo")[0], .at_ns = 0});
    EXPECT_THAT(TitlesOf(JudgePostconditions(GetCase())), IsEmpty()) << "the domain gets no answer that may be wrong";
}

} // namespace
} // namespace mpfuzz::observe
