#include <mpfuzz/base/check.h>
#include <mpfuzz/program/parse.h>
#include <mpfuzz/program/print.h>
#include <mpfuzz/program/test_program.h>

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace mpfuzz::program {
namespace {

//! Contents of the fenced blocks that begin with "```LANGUAGE".
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

TEST(ProgramFormatPage, ShowsCanonicalTextWhereItSaysSo)
{
    const auto blocks{Blocks("mpf-canonical")};
    EXPECT_GE(blocks.size(), 1U);
    for (const std::string& block : blocks) EXPECT_EQ(Print(TestSchema(), MustParse(block)), block);
}

TEST(ProgramFormatPage, ShowsTheErrorsThatItsWrongExamplesGive)
{
    const auto blocks{Blocks("mpf-error")};
    EXPECT_GE(blocks.size(), 1U);
    for (const std::string& block : blocks) {
        // The text, and the error as the last line's comment.
        const size_t comment{block.rfind("# ")};
        ASSERT_NE(comment, std::string::npos);
        EXPECT_EQ(ErrorOf(block) + "\n", block.substr(comment + 2));
    }
}

} // namespace
} // namespace mpfuzz::program
