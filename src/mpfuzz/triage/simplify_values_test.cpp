#include <mpfuzz/triage/minimize_fixture.h>

namespace mpfuzz::triage {
namespace {

constexpr std::string_view PASS{"simplify-values"};

std::string Echo(std::string_view arguments)
{
    return "c0 = connect\nlab0 = c0.bootstrap Lab\necho0 = lab0.echo(" + std::string{arguments} + ")\n";
}

//! The number that the only argument is, whatever its type.
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

TEST_F(PassTest, ValuesVanishFromTheOutside)
{
    const std::string text{
        Echo("flag = true, int8 = -3, block = (weight = 3), cube = [[[1, 2], [3]], [[4]]], "
             "many = [(flag = true), (right = (text = \"x\", uint16 = 7))], texts = [\"p\", \"q\"]")};
    EXPECT_EQ(Reduced(PASS, text, {"echo"}), Echo(""));
    EXPECT_LE(m_reruns, 1U) << "all fields at once";
    EXPECT_EQ(Reduced(PASS, text, {"[3]"}), Echo("cube = [[[3]]]"));
    EXPECT_EQ(Reduced(PASS, text, {"\"x\""}), Echo("many = [(right = (text = \"x\"))]"));
    // A zero that is the default is not tried: not to set the field came first, and the target sees no difference.
    EXPECT_EQ(Reduced(PASS, text, {"many", "uint16"}), Echo("many = [(right = (uint16 = 1))]"));
    EXPECT_EQ(Reduced(PASS, text, {"weight", "\"q\""}), Echo("block = (weight = 1), texts = [\"q\"]"));
}

TEST_F(PassTest, NumbersBecomeTheSmallestThatFail)
{
    const std::string huge{Echo("uint64 = 18446744073709551615")};
    EXPECT_EQ(Reduced(PASS, huge, [](const auto& program) { return Number(program) >= 1'234'567'890'123; }),
              Echo("uint64 = 1234567890123"));
    EXPECT_LT(m_reruns, 2 * 64U);
    EXPECT_EQ(Reduced(PASS, huge, [](const auto& program) { return Number(program) == UINT64_MAX; }), huge);
    EXPECT_LT(m_reruns, 6U) << "where nothing else will do, that is soon known";
    EXPECT_EQ(Reduced(PASS, Echo("int64 = -9223372036854775808"),
                      [](const auto& program) { return Number(program) >= 1'000; }),
              Echo("int64 = -1000"));
    EXPECT_EQ(Reduced(PASS, Echo("uint8 = 2"), [](const auto& program) { return Number(program) >= 2; }),
              Echo("uint8 = 2"));
}

TEST_F(PassTest, RepeatedListsBecomeShort)
{
    EXPECT_EQ(Reduced(PASS, Echo("texts = [\"x\" * 100000]"), {"\"x\""}), Echo("texts = [\"x\"]"));
    EXPECT_EQ(Reduced(PASS, Echo("texts = [\"x\" * 100000]"), [](const auto& program) { return Number(program) > 99; }),
              Echo("texts = [\"x\" * 100]"));
    EXPECT_EQ(Reduced(PASS, Echo("many = [(uint8 = 200, text = \"x\") * 9]"), {"* 9", "text"}),
              Echo("many = [(text = \"x\") * 9]"));
}

TEST_F(PassTest, EnumsBoolsFloatsAndUntypedPointersBecomePlain)
{
    EXPECT_EQ(Reduced(PASS, Echo("colours = [enum(9), green]"), {"enum", "green"}), Echo("colours = [enum, green]"));
    EXPECT_EQ(Reduced(PASS, Echo("colours = [enum(900)]"), {"enum("}), Echo("colours = [enum(3)]"));
    EXPECT_EQ(Reduced(PASS, Echo("float64 = 2.75"), {"float64 = 2"}), Echo("float64 = 2"));
    EXPECT_EQ(Reduced(PASS, Echo("anyPointer = any Everything (flag = true, uint8 = 3)"), {"any Everything"}),
              Echo("anyPointer = any Everything ()"));
    EXPECT_EQ(Reduced(PASS, Echo("choice = (number = 7)"), {"number"}), Echo("choice = (number = 0)"));
}

TEST_F(PassTest, ADefaultOtherThanZeroIsTriedAsZeroToo)
{
    const std::string head{"c0 = connect\nmining0 = c0.bootstrap Mining\n"};
    const std::string text{head + "createNewBlock0 = mining0.createNewBlock(options = (useMempool = true))\n"};
    EXPECT_EQ(Reduced(PASS, text, {"useMempool"}),
              head + "createNewBlock0 = mining0.createNewBlock(options = (useMempool = false))\n");
}

TEST_F(PassTest, ResultsOfServedObjectsAndHandMadeMessagesCount)
{
    const std::string head{"c0 = connect\n"};
    EXPECT_EQ(Reduced(PASS, head + "s0 = serve Lab { numbers: return (small = 200, big = 9, words = [\"x\"]) }\n",
                      {"small = "}),
              head + "s0 = serve Lab { numbers: return (small = 1) }\n");
    EXPECT_EQ(Reduced(PASS, head + "c0.message (finish = (questionId = 7, releaseResultCaps = false))\n", {"finish"}),
              head + "c0.message (finish = ())\n");
}

TEST_F(PassTest, ALongListDoesNotTakeARerunForEachElement)
{
    std::string list{"1"};
    for (int i{0}; i < 2'000; ++i) list += ", 1";
    const std::string text{Echo("cube = [[[" + list + "]]]")};
    EXPECT_EQ(Reduced(PASS, text, [&](const program::Program& program) { return Text(program) == text; }), text);
    EXPECT_LT(m_reruns, 200U);
}

} // namespace
} // namespace mpfuzz::triage
