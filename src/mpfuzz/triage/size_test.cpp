#include <mpfuzz/triage/minimize_fixture.h>
#include <mpfuzz/triage/size.h>

namespace mpfuzz::triage {
namespace {

class SizeTest : public PassTest
{
protected:
    //! Sizes of calls with these arguments, which should come out ascending.
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

TEST_F(SizeTest, LessIsSmaller)
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

TEST_F(SizeTest, AStepWeighsMoreThanAnythingInOne)
{
    EXPECT_TRUE(Measure(*m_schema, Parsed("delay 1000ms\n")) < Measure(*m_schema, Parsed("delay 0ms\ndelay 0ms\n")));
    EXPECT_TRUE(Measure(*m_schema, Parsed("c = connect\nc.bytes \"abcdefg\"\n")) <
                Measure(*m_schema, Parsed("c = connect\nc.bytes \"\"\nc.bytes \"\"\n")));
}

} // namespace
} // namespace mpfuzz::triage
