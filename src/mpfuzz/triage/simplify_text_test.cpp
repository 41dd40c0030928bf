#include <mpfuzz/triage/minimize_fixture.h>

#include <mpfuzz/base/text.h>

namespace mpfuzz::triage {
namespace {

constexpr std::string_view PASS{"simplify-text"};

std::string Echo(std::string_view arguments)
{
    return "c0 = connect\nlab0 = c0.bootstrap Lab\necho0 = lab0.echo(" + std::string{arguments} + ")\n";
}

//! The bytes of the only argument.
std::string Bytes(const program::Program& program)
{
    return std::get<program::Call>(program.steps.back()).arguments.fields.at(0).value.As<program::Blob>()->bytes;
}

TEST_F(PassTest, TextBecomesEmptyOrWhatIsNeededOfIt)
{
    EXPECT_EQ(Reduced(PASS, Echo("text = \"hello\", texts = [\"x\", \"yes\"]"), {"text", "texts"}),
              Echo("text = \"\", texts = [\"\", \"\"]"));
    EXPECT_EQ(Reduced(PASS, Echo("text = \"say hello again\""), {"hello"}), Echo("text = \"hello\""));
    const std::string from{std::string(400, 'p') + "N" + std::string(300, 'q') + "M" + std::string(299, 'r')};
    EXPECT_EQ(Reduced(PASS, Echo("text = \"" + from + "\""),
                      [](const program::Program& program) {
                          const std::string bytes{Bytes(program)};
                          return bytes.find('M') != std::string::npos && bytes.find('N') < bytes.find('M');
                      }),
              Echo("text = \"NM\""));
    EXPECT_LT(m_reruns, 150U);
}

TEST_F(PassTest, WhatIsNeededForItsLengthOnlyIsPlain)
{
    const std::string from{std::string(5'000, 'x')};
    EXPECT_EQ(Reduced(PASS, Echo("text = \"" + from + "\""),
                      [](const program::Program& program) { return Bytes(program).size() >= 4'097; }),
              Echo("text = \"" + std::string(4'097, 'a') + "\""));
    EXPECT_LT(m_reruns, 100U);
    EXPECT_EQ(
        Reduced(PASS, Echo("data = \"xNxx\""),
                [](const program::Program& program) { return Bytes(program).size() == 4 && Bytes(program)[1] == 'N'; }),
        Canonical(Echo("data = 0x\"004e0000\"")));
}

TEST_F(PassTest, ALargeBlobTakesABoundedNumberOfReruns)
{
    std::string from;
    for (int i{0}; i < 100'000; ++i) from.push_back(static_cast<char>('a' + i % 26));
    const std::string text{Echo("text = \"" + from + "\"")};
    EXPECT_EQ(Reduced(PASS, text, [&](const program::Program& program) { return Bytes(program) == from; }), text);
    EXPECT_LT(m_reruns, 200U);
}

TEST_F(PassTest, RawBytesMessagesAndServedTextCount)
{
    EXPECT_EQ(Reduced(PASS,
                      "c0 = connect\nc0.bytes \"hello\"\n"
                      "s0 = serve Lab { touch: throw failed \"some words\"; name: return (name = \"xyyz\") }\n",
                      {"\"hell", "words", "yy"}),
              "c0 = connect\nc0.bytes \"hell\"\n"
              "s0 = serve Lab { touch: throw failed \"words\"; name: return (name = \"yy\") }\n");
    EXPECT_EQ(Reduced(PASS,
                      Echo("lab = serve Lab { touch: throw failed \"some words\"; name: return (name = \"xyyz\") }"),
                      {"words", "yy"}),
              Echo("lab = serve Lab { touch: throw failed \"words\"; name: return (name = \"yy\") }"));
}

} // namespace
} // namespace mpfuzz::triage
