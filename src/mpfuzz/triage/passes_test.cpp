// This file is long because the tests of all passes share a fixture.

#include <mpfuzz/triage/minimize_fixture.h>

#include <mpfuzz/triage/size.h>

namespace mpfuzz::triage {
namespace {

constexpr std::string_view MERGE{"merge-connections"};
constexpr std::string_view CAPABILITIES{"simplify-capabilities"};
constexpr std::string_view VALUES{"simplify-values"};
constexpr std::string_view TEXT{"simplify-text"};

std::string Echo(std::string_view arguments)
{
    return "c0 = connect\nlab0 = c0.bootstrap Lab\necho0 = lab0.echo(" + std::string{arguments} + ")\n";
}

TEST_F(PassTest, MergePutsEverythingOnOneConnection)
{
    EXPECT_EQ(Reduced(MERGE,
                      "a = connect\ni = a.bootstrap Init\nb = connect\nj = b.bootstrap Init\nd = connect\n"
                      "k = d.bootstrap Init\nm = i.makeMining()\nn = j.makeLab()\no = k.construct()\n",
                      {"makeMining", "makeLab", "construct"}),
              Canonical("c = connect\ni = c.bootstrap Init\nm = i.makeMining()\nn = i.makeLab()\no = i.construct()\n"));
}

TEST_F(PassTest, MergeRemovesTheDisconnectOfTheEarlierConnection)
{
    // Such a program is made if several programs are joined into one.
    const std::string text{"a = connect\ni = a.bootstrap Init\ni.makeMining()\ndisconnect a clean\n"
                           "b = connect\nj = b.bootstrap Init\nj.makeLab()\ndisconnect b abrupt\n"};
    EXPECT_EQ(Reduced(MERGE, text, {"makeMining", "makeLab", "abrupt"}),
              Canonical("c = connect\ni = c.bootstrap Init\ni.makeMining()\ni.makeLab()\ndisconnect c abrupt\n"));
    EXPECT_EQ(Reduced(MERGE, text, {"makeMining", "clean", "makeLab", "abrupt"}),
              Canonical("c = connect\ni = c.bootstrap Init\ni.makeMining()\ndisconnect c clean\ni.makeLab()\n"
                        "disconnect c abrupt\n"))
        << "the disconnect stays if the finding needs it";
}

TEST_F(PassTest, MergeKeepsConnectionsThatTheFindingNeeds)
{
    const std::string text{Canonical("a = connect\ni = a.bootstrap Init\nb = connect\nj = b.bootstrap Lab\n"
                                     "d = connect\nd.bytes \"x\"\n")};
    EXPECT_EQ(Reduced(MERGE, text, {"c2"}), text);
    EXPECT_EQ(Reduced(MERGE, text, {"c1"}),
              Canonical("a = connect\ni = a.bootstrap Init\nb = connect\nj = b.bootstrap Lab\na.bytes \"x\"\n"));
}

constexpr std::string_view HEAD{"c = connect\ninit = c.bootstrap Init\nlab = c.bootstrap Lab\n"};

std::string With(std::string_view rest) { return std::string{HEAD} + std::string{rest}; }

TEST_F(PassTest, UnneededCapabilitiesAreUnset)
{
    EXPECT_EQ(
        Reduced(CAPABILITIES, With("a = lab.echo(lab = lab, labs = [lab, lab], anyPointer = lab)\n"), {"labs = ["}),
        Canonical(With("a = lab.echo(labs = [null, null])\n")));
}

TEST_F(PassTest, ProducersOfTheSameKindAreCollapsed)
{
    EXPECT_EQ(Reduced(CAPABILITIES,
                      With("m = init.makeMining()\nn = init.makeMining()\no = init.makeMining()\n"
                           "n.result.getTip()\no.result.getBlocks()\nawait o\n"),
                      {"getTip", "getBlocks", "await"}),
              Canonical(With("m = init.makeMining()\nm.result.getTip()\nm.result.getBlocks()\nawait m\n")));
}

TEST_F(PassTest, TargetsAndArgumentsAreTheEarliestOfTheirInterface)
{
    EXPECT_EQ(Reduced(CAPABILITIES, With("l = init.makeLab()\nl.result.echo(lab = l.result, texts = [\"x\"])\n"),
                      [](const program::Program& program) {
                          const auto* call{std::get_if<program::Call>(&program.steps.back())};
                          const auto* lab{call ? call->arguments.Find(24) : nullptr};
                          return lab && lab->As<program::CapabilityRef>();
                      }),
              Canonical(With("l = init.makeLab()\nlab.echo(lab = lab, texts = [\"x\"])\n")));
}

TEST_F(PassTest, ACapabilityThatIsNeededStaysAsItIs)
{
    const std::string text{With("l = init.makeLab()\nl.result.echo(lab = l.result)\n")};
    EXPECT_EQ(Reduced(CAPABILITIES, text, {"makeLab0.result.echo"}),
              Canonical(With("l = init.makeLab()\nl.result.echo()\n")));
    EXPECT_EQ(Reduced(CAPABILITIES, text, {"lab = makeLab0.result"}),
              Canonical(With("l = init.makeLab()\nlab.echo(lab = l.result)\n")));
}

TEST_F(PassTest, ReactionsOfServedObjectsAreRemovedOrSimplified)
{
    const std::string text{
        With("init.construct(threadMap = serve ThreadMap { makeThread: later 9 (result = serve Thread "
             "{ getName: throw overloaded \"x\" }) })\n")};
    EXPECT_EQ(Reduced(CAPABILITIES, text, {"construct"}), Canonical(With("init.construct()\n")));
    EXPECT_EQ(Reduced(CAPABILITIES, text, {"serve ThreadMap"}),
              Canonical(With("init.construct(threadMap = serve ThreadMap)\n")));
    EXPECT_EQ(Reduced(CAPABILITIES, text, {"makeThread"}),
              Canonical(With("init.construct(threadMap = serve ThreadMap { makeThread: return () })\n")));
    EXPECT_EQ(Reduced(CAPABILITIES, text, {"result"}),
              Canonical(With(
                  "init.construct(threadMap = serve ThreadMap { makeThread: return (result = serve Thread) })\n")));
    EXPECT_EQ(
        Reduced(CAPABILITIES, text, {"throw", "later 9"}),
        Canonical(With("init.construct(threadMap = serve ThreadMap { makeThread: later 9 (result = serve Thread { "
                       "getName: throw failed \"x\" }) })\n")));
}

TEST_F(PassTest, AServedObjectThatIsUsedOnceMovesIntoItsArgument)
{
    EXPECT_EQ(Reduced(CAPABILITIES, With("s = serve Lab { touch: never; numbers: never }\nlab.echo(lab = s)\n"),
                      {"touch: never"}),
              Canonical(With("lab.echo(lab = serve Lab { touch: never })\n")));
    EXPECT_EQ(Reduced(CAPABILITIES,
                      With("s = serve Lab { touch: never; numbers: never }\nlab.echo(lab = s, capability = s)\n"),
                      {"lab = s0, capability = s0"}),
              Canonical(With("s = serve Lab\nlab.echo(lab = s, capability = s)\n")));
}

TEST_F(PassTest, DataFromAnswersIsRemovedOrLosesItsEdits)
{
    const std::string text{With("n = lab.numbers()\n"
                                "lab.echo(uint8 = $n.small, texts = [$n.words[0]|cut(3)|flip(1), \"z\"])\n")};
    EXPECT_EQ(Reduced(CAPABILITIES, text, {"\"z\""}),
              Canonical(With("n = lab.numbers()\nlab.echo(texts = [null, \"z\"])\n")));
    EXPECT_EQ(Reduced(CAPABILITIES, text, {"flip(1)"}),
              Canonical(With("n = lab.numbers()\nlab.echo(texts = [$n.words[0]|flip(1), \"z\"])\n")));
}

TEST_F(PassTest, DelaysAreShortened)
{
    EXPECT_EQ(Reduced(CAPABILITIES, "delay 1000ms\n", {"delay"}), "delay 0ms\n");
    EXPECT_EQ(
        Reduced(CAPABILITIES, "delay 1000ms\n",
                [](const program::Program& program) { return std::get<program::Delay>(program.steps[0]).ms >= 137; }),
        "delay 137ms\n");
    EXPECT_LT(m_reruns, 14U);
}

//! The number in the only argument, which may have any integer type.
uint64_t Number(const program::Program& program)
{
    const auto& fields{std::get<program::Call>(program.steps.back()).arguments.fields};
    if (fields.empty()) return 0;
    const program::Value& value{fields[0].value};
    if (const auto* number{value.As<uint64_t>()}) return *number;
    if (const auto* number{value.As<int64_t>()}) return uint64_t{0} - static_cast<uint64_t>(*number);
    if (const auto* list{value.As<program::RepeatValue>()}) return list->count;
    return 0;
}

TEST_F(PassTest, OuterValuesAreRemovedBeforeInnerOnes)
{
    const std::string text{
        Echo("flag = true, int8 = -3, block = (weight = 3), cube = [[[1, 2], [3]], [[4]]], "
             "many = [(flag = true), (right = (text = \"x\", uint16 = 7))], texts = [\"p\", \"q\"]")};
    EXPECT_EQ(Reduced(VALUES, text, {"echo"}), Echo(""));
    EXPECT_LE(m_reruns, 1U) << "all fields are removed in one try";
    EXPECT_EQ(Reduced(VALUES, text, {"[3]"}), Echo("cube = [[[3]]]"));
    EXPECT_EQ(Reduced(VALUES, text, {"\"x\""}), Echo("many = [(right = (text = \"x\"))]"));
    // Zero is not tried if it is the default: the pass has already tried to unset the field, and a target cannot tell
    // the difference.
    EXPECT_EQ(Reduced(VALUES, text, {"many", "uint16"}), Echo("many = [(right = (uint16 = 1))]"));
    EXPECT_EQ(Reduced(VALUES, text, {"weight", "\"q\""}), Echo("block = (weight = 1), texts = [\"q\"]"));
}

TEST_F(PassTest, NumbersBecomeTheSmallestThatFail)
{
    const std::string huge{Echo("uint64 = 18446744073709551615")};
    EXPECT_EQ(Reduced(VALUES, huge, [](const auto& program) { return Number(program) >= 1'234'567'890'123; }),
              Echo("uint64 = 1234567890123"));
    EXPECT_LT(m_reruns, 2 * 64U);
    EXPECT_EQ(Reduced(VALUES, huge, [](const auto& program) { return Number(program) == UINT64_MAX; }), huge);
    EXPECT_LT(m_reruns, 6U) << "few tries are needed if no other number fails";
    EXPECT_EQ(Reduced(VALUES, Echo("int64 = -9223372036854775808"),
                      [](const auto& program) { return Number(program) >= 1'000; }),
              Echo("int64 = -1000"));
    EXPECT_EQ(Reduced(VALUES, Echo("uint8 = 2"), [](const auto& program) { return Number(program) >= 2; }),
              Echo("uint8 = 2"));
}

TEST_F(PassTest, RepeatedListsBecomeShort)
{
    EXPECT_EQ(Reduced(VALUES, Echo("texts = [\"x\" * 100000]"), {"\"x\""}), Echo("texts = [\"x\"]"));
    EXPECT_EQ(
        Reduced(VALUES, Echo("texts = [\"x\" * 100000]"), [](const auto& program) { return Number(program) > 99; }),
        Echo("texts = [\"x\" * 100]"));
    EXPECT_EQ(Reduced(VALUES, Echo("many = [(uint8 = 200, text = \"x\") * 9]"), {"* 9", "text"}),
              Echo("many = [(text = \"x\") * 9]"));
}

TEST_F(PassTest, EnumsBoolsFloatsAndUntypedPointersBecomeSimpler)
{
    EXPECT_EQ(Reduced(VALUES, Echo("colours = [enum(9), green]"), {"enum", "green"}), Echo("colours = [enum, green]"));
    EXPECT_EQ(Reduced(VALUES, Echo("colours = [enum(900)]"), {"enum("}), Echo("colours = [enum(3)]"));
    EXPECT_EQ(Reduced(VALUES, Echo("float64 = 2.75"), {"float64 = 2"}), Echo("float64 = 2"));
    EXPECT_EQ(Reduced(VALUES, Echo("anyPointer = any Everything (flag = true, uint8 = 3)"), {"any Everything"}),
              Echo("anyPointer = any Everything ()"));
    EXPECT_EQ(Reduced(VALUES, Echo("choice = (number = 7)"), {"number"}), Echo("choice = (number = 0)"));
}

TEST_F(PassTest, AFieldWhoseDefaultIsNotZeroIsTriedWithZero)
{
    const std::string head{"c0 = connect\nmining0 = c0.bootstrap Mining\n"};
    const std::string text{head + "createNewBlock0 = mining0.createNewBlock(options = (useMempool = true))\n"};
    EXPECT_EQ(Reduced(VALUES, text, {"useMempool"}),
              head + "createNewBlock0 = mining0.createNewBlock(options = (useMempool = false))\n");
}

TEST_F(PassTest, ResultsOfServedObjectsAndRawMessagesAreSimplified)
{
    const std::string head{"c0 = connect\n"};
    EXPECT_EQ(Reduced(VALUES, head + "s0 = serve Lab { numbers: return (small = 200, big = 9, words = [\"x\"]) }\n",
                      {"small = "}),
              head + "s0 = serve Lab { numbers: return (small = 1) }\n");
    EXPECT_EQ(Reduced(VALUES, head + "c0.message (finish = (questionId = 7, releaseResultCaps = false))\n", {"finish"}),
              head + "c0.message (finish = ())\n");
}

TEST_F(PassTest, ALongListDoesNotTakeARerunForEachElement)
{
    std::string list{"1"};
    for (int i{0}; i < 2'000; ++i) list += ", 1";
    const std::string text{Echo("cube = [[[" + list + "]]]")};
    EXPECT_EQ(Reduced(VALUES, text, [&](const program::Program& program) { return Text(program) == text; }), text);
    EXPECT_LT(m_reruns, 200U);
}

//! The bytes in the only argument.
std::string Bytes(const program::Program& program)
{
    return std::get<program::Call>(program.steps.back()).arguments.fields.at(0).value.As<program::Blob>()->bytes;
}

TEST_F(PassTest, TextIsReducedToTheBytesThatAreNeeded)
{
    EXPECT_EQ(Reduced(TEXT, Echo("text = \"hello\", texts = [\"x\", \"yes\"]"), {"text", "texts"}),
              Echo("text = \"\", texts = [\"\", \"\"]"));
    EXPECT_EQ(Reduced(TEXT, Echo("text = \"say hello again\""), {"hello"}), Echo("text = \"hello\""));
    const std::string from{std::string(400, 'p') + "N" + std::string(300, 'q') + "M" + std::string(299, 'r')};
    EXPECT_EQ(Reduced(TEXT, Echo("text = \"" + from + "\""),
                      [](const program::Program& program) {
                          const std::string bytes{Bytes(program)};
                          return bytes.find('M') != std::string::npos && bytes.find('N') < bytes.find('M');
                      }),
              Echo("text = \"NM\""));
    EXPECT_LT(m_reruns, 150U);
}

TEST_F(PassTest, TextBecomesSimplestLettersIfOnlyItsLengthMatters)
{
    const std::string from{std::string(5'000, 'x')};
    EXPECT_EQ(Reduced(TEXT, Echo("text = \"" + from + "\""),
                      [](const program::Program& program) { return Bytes(program).size() >= 4'097; }),
              Echo("text = \"" + std::string(4'097, 'a') + "\""));
    EXPECT_LT(m_reruns, 100U);
    EXPECT_EQ(
        Reduced(TEXT, Echo("data = \"xNxx\""),
                [](const program::Program& program) { return Bytes(program).size() == 4 && Bytes(program)[1] == 'N'; }),
        Canonical(Echo("data = 0x\"004e0000\"")));
}

TEST_F(PassTest, ALargeBlobTakesABoundedNumberOfReruns)
{
    std::string from;
    for (int i{0}; i < 100'000; ++i) from.push_back(static_cast<char>('a' + i % 26));
    const std::string text{Echo("text = \"" + from + "\"")};
    EXPECT_EQ(Reduced(TEXT, text, [&](const program::Program& program) { return Bytes(program) == from; }), text);
    EXPECT_LT(m_reruns, 200U);
}

TEST_F(PassTest, RawBytesMessagesAndServedTextAreSimplified)
{
    EXPECT_EQ(Reduced(TEXT,
                      "c0 = connect\nc0.bytes \"hello\"\n"
                      "s0 = serve Lab { touch: throw failed \"some words\"; name: return (name = \"xyyz\") }\n",
                      {"\"hell", "words", "yy"}),
              "c0 = connect\nc0.bytes \"hell\"\n"
              "s0 = serve Lab { touch: throw failed \"words\"; name: return (name = \"yy\") }\n");
    EXPECT_EQ(Reduced(TEXT,
                      Echo("lab = serve Lab { touch: throw failed \"some words\"; name: return (name = \"xyyz\") }"),
                      {"words", "yy"}),
              Echo("lab = serve Lab { touch: throw failed \"words\"; name: return (name = \"yy\") }"));
}

class SizeTest : public PassTest
{
protected:
    //! Expects that calls with these arguments have ascending sizes.
    void ExpectAscending(const std::vector<std::string>& arguments)
    {
        std::vector<Size> sizes;
        for (const std::string& text : arguments) {
            sizes.push_back(Measure(*m_schema, Parsed("c = connect\nlab = c.bootstrap Lab\nlate = c.bootstrap Lab\n"
                                                      "n = lab.numbers()\nlab.echo(" +
                                                      text + ")\n")));
        }
        for (size_t i{1}; i < sizes.size(); ++i) {
            EXPECT_TRUE(sizes[i - 1] < sizes[i]) << arguments[i - 1] << " and " << arguments[i];
        }
    }
};

TEST_F(SizeTest, AProgramWithFewerOrSimplerPartsIsSmaller)
{
    ExpectAscending({"", "lab = null", "lab = lab", "lab = late", "lab = serve Lab { name: return () }",
                     "lab = serve Lab { name: later 0 () }", "lab = serve Lab { name: later 0 (name = \"\") }"});
    ExpectAscending({"", "uint64 = 0", "uint64 = 1", "uint64 = 18446744073709551615",
                     "uint64 = 18446744073709551615, uint32 = 0",
                     "uint64 = 18446744073709551615, uint32 = 4294967295"});
    ExpectAscending({"text = null", "text = \"\"", "text = \"a\"", "text = \"b\"", "text = \"aa\"",
                     "text = $n.words[0]", "text = $n.words[0]|cut(3)"});
    ExpectAscending({"data = 0x\"00\"", "data = \"a\"", "data = \"aa\""});
    ExpectAscending({"texts = []", "texts = [null]", "texts = [\"\"]", "texts = [\"\" * 2]", "texts = [\"\" * 3]"});
    ExpectAscending({"float64 = 0", "float64 = 1", "float64 = 3", "float64 = 0.5"});
    ExpectAscending({"flag = false", "flag = true", "block = (weight = 0)"});
    ExpectAscending({"block = null", "block = ()", "block = (weight = 0)", "block = (weight = 1)"});
    ExpectAscending({"lab = serve Lab { touch: throw failed \"\" }", "lab = serve Lab { touch: throw overloaded \"\" }",
                     "lab = serve Lab { touch: throw failed \"a\" }"});
}

TEST_F(SizeTest, AProgramWithFewerStepsIsSmallerEvenIfItsValuesAreLarger)
{
    EXPECT_TRUE(Measure(*m_schema, Parsed("delay 1000ms\n")) < Measure(*m_schema, Parsed("delay 0ms\ndelay 0ms\n")));
    EXPECT_TRUE(Measure(*m_schema, Parsed("c = connect\nc.bytes \"abcdefg\"\n")) <
                Measure(*m_schema, Parsed("c = connect\nc.bytes \"\"\nc.bytes \"\"\n")));
}

} // namespace
} // namespace mpfuzz::triage
