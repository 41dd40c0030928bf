#include <mpfuzz/program/parse.h>
#include <mpfuzz/program/print.h>
#include <mpfuzz/program/test_program.h>
#include <mpfuzz/program/validate.h>

#include <gtest/gtest.h>

namespace mpfuzz::program {
namespace {

constexpr std::string_view START{"c = connect\nlab = c.bootstrap Lab\nn = lab.numbers()\no = lab.open()\n"};

//! Parses a line after START. Returns the error without the line number.
std::string Error(std::string_view line)
{
    const std::string error{ErrorOf(std::string{START} + std::string{line})};
    return error.starts_with("5:") ? error.substr(2) : error;
}

TEST(Parse, ReadsTheStepsAsWritten)
{
    const Program program{MustParse(std::string{START} + "lab.touch(times = 3)\n")};
    ASSERT_EQ(program.steps.size(), 5U);
    const uint32_t lab{TestSchema().FindInterface("Lab").value()};
    EXPECT_EQ(program.steps[1], Step{(Bootstrap{0, lab})});
    StructValue arguments;
    arguments.Set(0, uint64_t{3});
    EXPECT_EQ(program.steps[4], Step{(Call{{1, {}}, TestSchema().FindMethod(lab, "touch").value(), arguments})});
}

TEST(Parse, AcceptsAnEmptyText)
{
    EXPECT_TRUE(MustParse("").steps.empty());
    EXPECT_TRUE(MustParse("\n# nothing\n\r\n   ").steps.empty());
}

TEST(Parse, SaysTheColumnOfAnErrorAndWhatWasExpected)
{
    const std::vector<std::pair<std::string_view, std::string_view>> errors{
        {"await", R"(6: the line ends, expected the name of a call)"},
        {"await nn", R"(7: no step is called "nn"; did you mean "n"?)"},
        {"await lab", R"(7: "lab" is not a call)"},
        {"await all n", R"(11: found "n", expected the end of the line)"},
        {"x = await n", R"(5: "await" has no result to name)"},
        {"c = connect", R"(1: "c" is already the name of a step)"},
        {"all = connect", R"(1: "all" cannot be a name)"},
        {"disconnect c", R"(13: the line ends, expected clean, abrupt, half or torn)"},
        {"disconnect lab half", R"(12: "lab" is not a connection)"},
        {"delay 20", R"(7: found "20", expected a time such as 20ms)"},
        {"delay 99999999999ms", R"(7: a delay is at most 1000ms)"},
        {"42", R"(1: found "42", expected a step)"},
        {"d = c.bootstrap Lob", R"(17: there is no interface "Lob"; did you mean "Lab"?)"},
        {"c.touch()", R"(3: found "touch", expected bootstrap, message or bytes, since a connection has no methods)"},
        {"c.bytes 0x\"0\"", R"(9: these are not pairs of hexadecimal digits)"},
        {"lab.tuch()", R"(5: Lab has no method "tuch"; did you mean "touch"?)"},
        {"lab.touch", R"(10: the line ends, expected the method's arguments in parentheses)"},
        {"o.door", R"(7: the line ends, expected ".", and a method with its arguments)"},
        {"lab.touch(times = 256)", R"(19: found "256", expected a number from 0 to 255)"},
        {"lab.touch(times = -1)", R"(19: found "-1", expected a number from 0 to 255)"},
        {"lab.touch(time = 1)", R"(11: Base.touch$Params has no field "time"; did you mean "times"?)"},
        {"lab.touch(times = 1, times = 2)", R"(22: times is set twice)"},
        {"lab.touch(times = $n.big)", "no error"},
        {"lab.touch(times = $n.real)", R"(19: a Float64 of an answer cannot be used as a UInt8)"},
        {"lab.touch(times = $n.small|cut(1))", R"(27: only Text and Data can be edited)"},
        {"lab.touch(times = $lab)", R"(20: "lab" is not a call)"},
        {"lab.name(prefix = \"a)", R"(19: a quote that is not closed)"},
        {"lab.name(prefix = \"\\q\")", R"(19: an unknown escape, expected \n \t \r \" \\ or \xNN)"},
        {"lab.name(prefix = \x01)", R"(19: this byte is only allowed in a quoted text)"},
        {"lab.echo(left = \"\", middle = void)", R"(21: left and middle cannot both be set)"},
        {"lab.echo(colour = gren)", R"(19: Colour has no enumerant "gren"; did you mean "green"?)"},
        {"lab.echo(float32 = 1e99)",
         R"(20: found "1e99", expected a number such as 0.5 that fits its type, inf, -inf, nan or nan:0xBITS)"},
        {"lab.echo(float32 = nan:0x1)", R"(24: these are not the bits of a nan)"},
        {"lab.echo(texts = [\"a\" * 1048577])", R"(25: found "1048577", expected a number from 0 to 1048576)"},
        {"lab.echo(flag = 1)", R"(17: found "1", expected true or false)"},
        {"lab.echo(lab = n)", R"(16: "n" is an answer, expected a field of it that is a capability)"},
        {"lab.echo(lab = n.small)", R"(16: a UInt8 is not a capability)"},
        {"lab.echo(lab = c)", R"(16: "c" is a connection, expected a capability or an answer)"},
        {"lab.echo(lab = lab.name)", R"(20: Lab has no fields, and so no "name")"},
        {"lab.echo(lab = 3)", R"(16: found "3", expected a capability, null, or: serve INTERFACE)"},
        {"lab.echo(anyStruct = lab)", R"(22: found "lab", expected null or: any TYPE VALUE)"},
        {"lab.echo(anyPointer = any Lib null)", R"(27: there is no type "Lib")"},
        {"lab.echo(anyPointer = any Bool true)", R"(1: anyPointer: an untyped pointer cannot hold a Bool)"},
        {"lab.echo(choice = null)", R"(19: found "null", expected "(")"},
        {"lab.echo(many = [null])", R"(1: many: a struct in a list cannot be null)"},
        {"lab.echo(capability = <capability>)", R"(23: found "<", expected a capability, null, or: serve INTERFACE)"},
        {"o.pointer.knock()", R"(11: the interface is not known here, expected (CAPABILITY as INTERFACE).knock(…))"},
        {"o.dor.knock()", R"(3: Lab.open$Results has no field "dor"; did you mean "door"?)"},
        {"o.door[0].knock()", R"(8: Lab.Door is not a list)"},
        {"s = serve Lab { touch: maybe }",
         R"(24: found "maybe", expected return, throw, never, later, call, echo or disconnect)"},
        {"s = serve Lab { touch: never; touch: never }", R"(31: a second reaction to "touch")"},
        {"s = serve Lab { echo: call text Lab.touch then () }", R"(28: a Text is not a capability)"},
        {"s = serve Lab { touch: later 40001 () }", R"(30: found "40001", expected a number from 0 to 40000)"},
        {"c.message (call = (target = (importedCap = 1), params = (content = lab)))",
         R"(1: call: params: content: a hand-made message cannot hold a capability)"},
    };
    for (const auto& [line, error] : errors) EXPECT_EQ(Error(line), error) << line;
}

TEST(Parse, CountsLinesAndColumnsFromOne)
{
    EXPECT_EQ(ErrorOf("# comment\n\n  oops"), "3:3: no step is called \"oops\"");
}

TEST(Parse, RefusesValuesThatNestTooDeep)
{
    const auto nested{[](size_t depth) {
        std::string text{"c = connect\nlab = c.bootstrap Lab\nlab.echo"};
        for (size_t i{0}; i < depth; ++i) text += "(right = ";
        return text + "(" + std::string(depth + 1, ')');
    }};
    EXPECT_EQ(ErrorOf(nested(MAX_DEPTH)), "no error");
    EXPECT_EQ(ErrorOf(nested(MAX_DEPTH + 1)), "3:594: values nest deeper than 64");
    EXPECT_EQ(ErrorOf(nested(100'000)), "3:594: values nest deeper than 64");
    EXPECT_NE(ErrorOf("c = connect\nlab = c.bootstrap Lab\nlab.echo(cube = " + std::string(100'000, '[')), "no error");
}

TEST(Parse, RefusesAStepOrAProgramThatIsTooLarge)
{
    EXPECT_EQ(ErrorOf("c = connect\nlab = c.bootstrap Lab\nlab.echo(cube = [[[1 * 1000] * 1000] * 1000])"),
              "3:1: cube: more than 2097152 words of values");
    std::string text;
    for (size_t i{0}; i < MAX_STEPS; ++i) text += "connect\n";
    EXPECT_EQ(ErrorOf(text), "no error");
    EXPECT_EQ(ErrorOf(text + "connect\n"), "40001:1: more than 40000 steps");
    EXPECT_EQ(ParseLenient(TestSchema(), text + "connect\n").program.steps.size(), MAX_STEPS);
}

TEST(ParseLenient, DropsAWrongLineAndLinesThatDependOnIt)
{
    const auto lenient{ParseLenient(TestSchema(), "c = connect\n"
                                                  "i = c.bootstrap Initial\n"
                                                  "m = i.makeMining()\n"
                                                  "await m\n"
                                                  "j = c.bootstrap Init\n"
                                                  "await all\n")};
    EXPECT_EQ(Print(TestSchema(), lenient.program), "c0 = connect\ninit0 = c0.bootstrap Init\nawait all\n");
    EXPECT_EQ(lenient.complaints, (std::vector<std::string>{
                                      R"(2:17: there is no interface "Initial"; did you mean "Init"?)",
                                      R"(3:5: no step is called "i"; did you mean "c"?)",
                                      R"(4:7: no step is called "m"; did you mean "c"?)",
                                  }));
}

TEST(ParseLenient, DropsAnUnknownFieldAndKeepsTheRestOfTheLine)
{
    const auto lenient{ParseLenient(
        TestSchema(),
        "c = connect\nm = c.bootstrap Mining\n"
        "m.createNewBlock(opts = (a = [1, (b = \")\")], c = {}), options = (x = 1, sigops = 2), cooldown = true)\n")};
    EXPECT_EQ(Print(TestSchema(), lenient.program),
              "c0 = connect\nmining0 = c0.bootstrap Mining\n"
              "createNewBlock0 = mining0.createNewBlock(options = (sigops = 2), cooldown = true)\n");
    EXPECT_EQ(lenient.complaints.size(), 2U);
}

TEST(ParseLenient, AdaptsMomentsWhenLinesAreDropped)
{
    const auto lenient{ParseLenient(TestSchema(),
                                    "s = serve Lab { touch: later 3 (); put: later 2 (); get2: later 9 () }\n"
                                    "nonsense\n"
                                    "more nonsense\n"
                                    "delay 1ms\n"
                                    "delay 2ms\n")};
    EXPECT_EQ(Print(TestSchema(), lenient.program),
              "s0 = serve Lab { put: later 1 (); get2: later 7 (); touch: later 1 () }\ndelay 1ms\ndelay 2ms\n");
}

} // namespace
} // namespace mpfuzz::program
