#include <mpfuzz/engine/differ.h>

#include <mpfuzz/program/print.h>
#include <mpfuzz/program/testing/must_parse.h>
#include <mpfuzz/program/validate.h>
#include <mpfuzz/schema/load.h>

#include <gtest/gtest.h>

namespace mpfuzz::engine {
namespace {

class MakeComparableTest : public testing::Test
{
protected:
    MakeComparableTest()
    {
        const std::vector<std::string> files{MPFUZZ_SOURCE_DIR "/src/mpfuzz/observe/testdata/shelf.capnp"};
        m_schema = *schema::LoadFiles(files, {});
        m_limits.queues = *observe::ParseQueues(*m_schema, "lane");
        m_limits.deterministic = m_schema->MatchMethods("Shelf.*");
        std::erase(m_limits.deterministic, m_schema->MatchMethods("Shelf.count")[0]);
        m_limits.may_block = m_schema->MatchMethods("Shelf.wait");
    }

    std::string Made(const std::string& text)
    {
        const auto made{MakeComparable(program::MustParse(*m_schema, text), m_limits)};
        if (!made) return "nothing";
        EXPECT_TRUE(program::Validate(*m_schema, *made));
        EXPECT_TRUE(observe::IsComparable(*made, m_limits));
        return program::Print(*m_schema, *made);
    }

    std::shared_ptr<const schema::Schema> m_schema;
    observe::Limits m_limits;
};

TEST_F(MakeComparableTest, DoesNotChangeAComparableProgram)
{
    const std::string text{"c0 = connect\nshelf0 = c0.bootstrap Shelf\nmakeLane0 = shelf0.makeLane()\n"
                           "echo0 = shelf0.echo(lane = makeLane0.lane)\nawait echo0\n"};
    EXPECT_EQ(Made(text), text);
}

TEST_F(MakeComparableTest, MovesAllCallsIntoOneQueueAndRemovesOtherSteps)
{
    EXPECT_EQ(
        Made("c0 = connect\nc1 = connect\ns = c0.bootstrap Shelf\nu = c1.bootstrap Shelf\nl = s.makeLane()\n"
             "k = s.makeLane()\nw = s.wait(lane = l.lane)\na = s.echo(lane = k.lane, text = \"x\")\nn = s.count()\n"
             "cancel w\ndelay 5ms\nb = s.peek(lane = l.lane)\nd = s.peek()\nv = u.makeLane()\ndisconnect c0 half\n"),
        "c0 = connect\nshelf0 = c0.bootstrap Shelf\nmakeLane0 = shelf0.makeLane()\n"
        "makeLane1 = shelf0.makeLane()\necho0 = shelf0.echo(lane = makeLane1.lane, text = \"x\")\n"
        "peek0 = shelf0.peek(lane = makeLane1.lane)\n");
}

TEST_F(MakeComparableTest, ReturnsNulloptIfNoCallIsLeft)
{
    EXPECT_EQ(Made("c0 = connect\ns = c0.bootstrap Shelf\nn = s.count()\n"), "nothing");
}

} // namespace
} // namespace mpfuzz::engine
