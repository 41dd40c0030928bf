#include <mpfuzz/base/check.h>
#include <mpfuzz/program/parse.h>
#include <mpfuzz/program/print.h>
#include <mpfuzz/program/test_program.h>
#include <mpfuzz/program/validate.h>

#include <gtest/gtest.h>

#include <fstream>

namespace mpfuzz::program {
namespace {

TEST(RandomProgram, IsValid)
{
    base::Rng rng{1};
    for (int i{0}; i < 400; ++i) {
        const Program program{RandomProgram(TestSchema(), rng)};
        const auto status{Validate(TestSchema(), program)};
        ASSERT_TRUE(status) << status.GetError().message << "\n" << Print(TestSchema(), program);
    }
}

TEST(Print, ThenParseIsTheIdentityOnRandomPrograms)
{
    base::Rng rng{2};
    for (int i{0}; i < 600; ++i) {
        const Program program{RandomProgram(TestSchema(), rng)};
        const std::string text{Print(TestSchema(), program)};
        const auto parsed{Parse(TestSchema(), text)};
        ASSERT_TRUE(parsed) << parsed.GetError().message << "\n" << text;
        ASSERT_TRUE(*parsed == program) << text << "became\n" << Print(TestSchema(), *parsed);
        ASSERT_EQ(Print(TestSchema(), *parsed), text);
    }
}

TEST(ParseLenient, AgreesWithParseOnRandomPrograms)
{
    base::Rng rng{3};
    for (int i{0}; i < 300; ++i) {
        const Program program{RandomProgram(TestSchema(), rng)};
        const auto lenient{ParseLenient(TestSchema(), Print(TestSchema(), program))};
        ASSERT_TRUE(lenient.complaints.empty()) << lenient.complaints.front();
        ASSERT_TRUE(lenient.program == program);
    }
}

//! Changes a text in one to four places: flips a bit, removes or inserts characters, or cuts it.
std::string Malform(std::string text, base::Rng& rng)
{
    constexpr std::string_view SIGNS{"()[]{}=.,;:|$*#`\"\\\n 0-xe\0\xff"};
    for (uint64_t changes{1 + rng.Below(4)}; changes > 0 && !text.empty(); --changes) {
        const size_t at{rng.Below(text.size())};
        switch (rng.Below(5)) {
        case 0: text[at] = static_cast<char>(text[at] ^ (1 << rng.Below(8))); break;
        case 1: text.erase(at, 1 + rng.Below(10)); break;
        case 2: text.insert(at, 1, SIGNS[rng.Below(SIGNS.size())]); break;
        case 3: text.insert(at, text.substr(rng.Below(text.size()), rng.Below(30))); break;
        default:
            if (rng.OneIn(4)) text.resize(at);
        }
    }
    return text;
}

TEST(ParseLenient, MakesAValidProgramOfMalformedText)
{
    base::Rng rng{4};
    size_t complaints{0};
    for (int i{0}; i < 400; ++i) {
        const std::string text{Malform(Print(TestSchema(), RandomProgram(TestSchema(), rng)), rng)};
        const auto lenient{ParseLenient(TestSchema(), text)};
        const auto status{Validate(TestSchema(), lenient.program)};
        ASSERT_TRUE(status) << status.GetError().message << "\n" << text;
        const auto again{Parse(TestSchema(), Print(TestSchema(), lenient.program))};
        ASSERT_TRUE(again && *again == lenient.program) << text;
        ASSERT_EQ(lenient.complaints.empty(), static_cast<bool>(Parse(TestSchema(), text))) << text;
        complaints += lenient.complaints.size();
    }
    EXPECT_GT(complaints, 600U);
}

TEST(ParseLenient, ReturnsNoStepsForRandomBytes)
{
    base::Rng rng{5};
    size_t complaints{0};
    for (int i{0}; i < 800; ++i) {
        std::string text(rng.Below(200), '\0');
        for (char& c : text) c = static_cast<char>(rng.Next());
        const auto lenient{ParseLenient(TestSchema(), text)};
        EXPECT_TRUE(lenient.program.steps.empty());
        complaints += lenient.complaints.size();
    }
    EXPECT_GT(complaints, 600U);
}

//! Contents of the code blocks of docs/program-format.md that begin with "```LANGUAGE".
std::vector<std::string> Blocks(std::string_view language)
{
    std::ifstream file{MPFUZZ_SOURCE_DIR "/docs/program-format.md"};
    CHECK(file);
    std::vector<std::string> blocks;
    bool inside{false};
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("```")) {
            inside = line == "```" + std::string{language};
            if (inside) blocks.emplace_back();
        } else if (inside) {
            blocks.back() += line + "\n";
        }
    }
    return blocks;
}

TEST(ProgramFormatPage, HasExamplesThatParseAndPrintToAFixedPoint)
{
    const auto blocks{Blocks("mpf")};
    EXPECT_GE(blocks.size(), 5U);
    for (const std::string& block : blocks) {
        const auto program{Parse(TestSchema(), block)};
        ASSERT_TRUE(program) << program.GetError().message << "\n" << block;
        const std::string text{Print(TestSchema(), *program)};
        EXPECT_EQ(Print(TestSchema(), MustParse(text)), text);
    }
}

TEST(ProgramFormatPage, ShowsCanonicalTextInBlocksThatClaimIt)
{
    const auto blocks{Blocks("mpf-canonical")};
    EXPECT_GE(blocks.size(), 1U);
    for (const std::string& block : blocks) EXPECT_EQ(Print(TestSchema(), MustParse(block)), block);
}

TEST(ProgramFormatPage, ShowsTheErrorsOfItsWrongExamples)
{
    const auto blocks{Blocks("mpf-error")};
    EXPECT_GE(blocks.size(), 1U);
    for (const std::string& block : blocks) {
        // The last line is a comment with the error.
        const size_t comment{block.rfind("# ")};
        ASSERT_NE(comment, std::string::npos);
        EXPECT_EQ(ErrorOf(block) + "\n", block.substr(comment + 2));
    }
}

} // namespace
} // namespace mpfuzz::program
