#include <mpfuzz/program/parse.h>
#include <mpfuzz/program/print.h>
#include <mpfuzz/program/test_program.h>

#include <gtest/gtest.h>

#include <bit>

namespace mpfuzz::program {
namespace {

std::string Canonical(std::string_view text) { return Print(TestSchema(), MustParse(text)); }

//! The canonical text of some arguments of Lab.echo.
std::string Echo(std::string_view arguments)
{
    const std::string before{"c0 = connect\nlab0 = c0.bootstrap Lab\n"};
    const std::string text{Canonical(before + "lab0.echo" + std::string{arguments})};
    const std::string start{before + "echo0 = lab0.echo"};
    CHECK(text.starts_with(start) && text.ends_with('\n'), text);
    return text.substr(start.size(), text.size() - start.size() - 1);
}

TEST(Print, GivesEveryStepItsCanonicalLine)
{
    constexpr std::string_view TEXT{R"(c0 = connect
c1 = connect
init0 = c0.bootstrap Init
s0 = serve ThreadMap { makeThread: return (result = null) }
construct0 = init0.construct(threadMap = s0)
makeThread0 = construct0.threadMap.makeThread(name = "a")
makeThread1 = construct0.threadMap.makeThread()
makeMining0 = init0.makeMining(context = (thread = makeThread0.result))
getTip0 = makeMining0.result.getTip()
getBlocks0 = makeMining0.result.getBlocks(count = 3)
waitTip0 = makeMining0.result.waitTip(hash = $getBlocks0.result[2].previous.hash|flip(3), timeout = inf)
getHeights0 = getBlocks0.templates[1].getHeights()
await getTip0
await all
cancel waitTip0
drop getBlocks0.templates[0]
drop init0
c1.message (abort = (reason = "enough", type = overloaded))
c1.bytes 0x"00ff"
delay 20ms
disconnect c0 clean
disconnect c1 abrupt
disconnect c1 half
)"};
    EXPECT_EQ(Canonical(TEXT), TEXT);
}

TEST(Print, GivesResultsCanonicalNames)
{
    EXPECT_EQ(Canonical("connection = connect # first\n\n  i=connection . bootstrap Init\r\n"
                        "\tm = i.makeMining( context = ( thread = null , ) , )\nm.result.getTip()\nawait m"),
              "c0 = connect\ninit0 = c0.bootstrap Init\nmakeMining0 = init0.makeMining(context = (thread = null))\n"
              "getTip0 = makeMining0.result.getTip()\nawait makeMining0\n");
}

TEST(Print, SeparatesTheCounterFromAPrefixThatEndsInADigit)
{
    EXPECT_EQ(Canonical("c = connect\ns = c.bootstrap `Store(Text)`\na = s.get2()\nb = s.get2()\n"),
              "c0 = connect\nstore0 = c0.bootstrap `Store(Text)`\nget2_0 = store0.get2()\nget2_1 = store0.get2()\n");
}

TEST(Print, NamesTheInterfaceIfTheTypeOfTheReferenceIsNotEnough)
{
    constexpr std::string_view TEXT{R"(c0 = connect
init0 = c0.bootstrap Init
makeLab0 = init0.makeLab()
getTip0 = (makeLab0.anything as Mining).getTip()
getTip1 = (makeLab0.any as Mining).getTip()
getTip2 = (makeLab0.result as Mining).getTip()
name0 = makeLab0.result.name(prefix = "x")
name1 = (makeLab0.result as Base).name()
touch0 = makeLab0.result.touch(times = 255)
put0 = makeLab0.result.put(value = "inherited")
open0 = makeLab0.result.open()
knock0 = open0.door.knock(by = init0, on = any Block (previous = (height = -1)))
)"};
    // Two files declare a `Block`.
    std::string text{TEXT};
    text.replace(text.find("any Block"), 9, "any `mining.capnp:Block`");
    EXPECT_EQ(Canonical(text), text);
    EXPECT_EQ(Canonical("c0 = connect\nlab0 = c0.bootstrap Lab\n(lab0 as Lab).name()\n(lab0 as Lab).touch()\n"),
              "c0 = connect\nlab0 = c0.bootstrap Lab\nname0 = lab0.name()\ntouch0 = lab0.touch()\n");
}

TEST(PrintValue, HasOneCanonicalFormForEverySpelling)
{
    const std::vector<std::pair<std::string_view, std::string_view>> spellings{
        {"(int8 = -0x80, uint64 = 0xffffffffffffffff)", "(int8 = -128, uint64 = 18446744073709551615)"},
        {"(int64 = -9223372036854775808, int32 = 00)", "(int32 = 0, int64 = -9223372036854775808)"},
        {"(float32 = 0.1, float64 = 1e3)", "(float32 = 0.1, float64 = 1000)"},
        {"(float64 = -0, float32 = -0.0)", "(float32 = -0.0, float64 = -0.0)"},
        {"(float64 = nan:0x7ff8000000000000, float32 = nan)", "(float32 = nan, float64 = nan)"},
        {"(float64 = nan:0xFFF8000000000001)", "(float64 = nan:0xfff8000000000001)"},
        {"(float32 = -inf, float64 = 5e-324)", "(float32 = -inf, float64 = 5e-324)"},
        {R"((text = "\x41\x0a", data = "abc"))", R"((text = "A\n", data = "abc"))"},
        {R"((text = 0x"4142", data = 0x"00FF41"))", R"((text = "AB", data = 0x"00ff41"))"},
        {R"((text = "ab\x00", data = ""))", R"((text = 0x"616200", data = ""))"},
        {R"((text = 0x"61626300"))", R"((text = "abc\x00"))"},
        {"(colour = enum(1))", "(colour = green)"},
        {"(colour = enum)", "(colour = enum)"},
        {"(colour = enum(3))", "(colour = enum(3))"},
        {"(cube = [[[1, 2,], []], [[3 * 0x10] * 2],])", "(cube = [[[1, 2], []], [[3 * 16] * 2]])"},
        {"(flag = true, nothing = void)", "(nothing = void, flag = true)"},
        {"(choice = (place = ()), middle = void)", "(choice = (place = ()), middle = void)"},
        {"(anyList = any `List(Data)` [], anyStruct = any Everything null)",
         "(anyStruct = any Everything null, anyList = any `List(Data)` [])"},
        {"(pair = (first = \"x\", second = (weight = 1)))", "(pair = (first = \"x\", second = (weight = 1)))"},
        {"(anyPointer = lab0, capability = serve Lab{}, lab = null)",
         "(lab = null, anyPointer = lab0, capability = serve Lab)"},
    };
    for (const auto& [given, canonical] : spellings) EXPECT_EQ(Echo(given), canonical) << given;
}

TEST(PrintValue, ShowsEveryKindOfReaction)
{
    constexpr std::string_view OBJECT{
        R"(serve Listener { tipChanged: call mining Mining.getTip then (); finished: later 7 (again = true) })"};
    EXPECT_EQ(Echo("(capability = " + std::string{OBJECT} + ")"), "(capability = " + std::string{OBJECT} + ")");
    constexpr std::string_view LAB{
        R"(serve Lab { put: return (previous = "x"); Base.name: throw failed "no"; touch: never; )"
        R"(echo: call right.labs[3] Lab.Door.knock then (int8 = 1); name: throw unimplemented "" })"};
    EXPECT_EQ(Echo("(anyPointer = " + std::string{LAB} + ")"), "(anyPointer = " + std::string{LAB} + ")");
}

TEST(PrintValue, AlsoPrintsAnswersThatDoNotFitTheType)
{
    const schema::Type everything{schema::Kind::STRUCT, TestSchema().FindStruct("Everything").value()};
    StructValue broken;
    broken.Set(1, true);
    broken.Set(999, true);
    EXPECT_EQ(PrintValue(TestSchema(), everything, broken, {}), "(flag = true, #999)");
    EXPECT_EQ(PrintValue(TestSchema(), {schema::Kind::TEXT}, broken, {}), "(?)");
    EXPECT_EQ(PrintValue(TestSchema(), {schema::Kind::INTERFACE}, SeenCapability{}, {}), "<capability>");
    EXPECT_EQ(PrintValue(TestSchema(), {schema::Kind::BOOL}, EnumValue{3}, {}), "enum(3)");
    const CapabilityRef ref{1, {{PathElement::Kind::FIELD, 4}, {PathElement::Kind::ELEMENT, 2}}};
    EXPECT_EQ(PrintValue(TestSchema(), {schema::Kind::CAPABILITY}, ref, {"c0", "x0"}), "x0.#4[2]");
    EXPECT_EQ(PrintValue(TestSchema(), {schema::Kind::CAPABILITY}, ref, {}), "#1.#4[2]");
}

TEST(PrintValue, NamesTheFieldsOfReferencesIfItHasTheProgram)
{
    const Program program{MustParse("c = connect\ni = c.bootstrap Init\ni.makeMining()\n")};
    const CapabilityRef ref{2, {{PathElement::Kind::FIELD, 0}}};
    EXPECT_EQ(PrintValue(TestSchema(), program, {schema::Kind::CAPABILITY}, ref), "makeMining0.result");
}

TEST(PrintStep, IsOneLineOfPrint)
{
    const Program program{MustParse("c = connect\ni = c.bootstrap Init\nawait all\n")};
    const auto names{StepNames(TestSchema(), program)};
    EXPECT_EQ(names, (std::vector<std::string>{"c0", "init0", ""}));
    EXPECT_EQ(PrintStep(TestSchema(), program, 1, names), "init0 = c0.bootstrap Init");
    EXPECT_EQ(PrintStep(TestSchema(), program, 2, names), "await all");
}

TEST(StepLabel, HasTheNumberAndTheNameOfTheResult)
{
    const Program program{MustParse("c = connect\nnode = c.bootstrap Init\nawait all\n")};
    EXPECT_EQ(StepLabel(TestSchema(), program, 1), "step 1, init0");
    EXPECT_EQ(StepLabel(TestSchema(), program, 2), "step 2");
}

} // namespace
} // namespace mpfuzz::program
