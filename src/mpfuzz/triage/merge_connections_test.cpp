#include <mpfuzz/triage/minimize_fixture.h>

namespace mpfuzz::triage {
namespace {

constexpr std::string_view PASS{"merge-connections"};

TEST_F(PassTest, MergePutsEverythingOnOneConnection)
{
    EXPECT_EQ(Reduced(PASS,
                      "a = connect\ni = a.bootstrap Init\nb = connect\nj = b.bootstrap Init\nd = connect\n"
                      "k = d.bootstrap Init\nm = i.makeMining()\nn = j.makeLab()\no = k.construct()\n",
                      {"makeMining", "makeLab", "construct"}),
              Canonical("c = connect\ni = c.bootstrap Init\nm = i.makeMining()\nn = i.makeLab()\no = i.construct()\n"));
}

TEST_F(PassTest, MergeLeavesOutTheEndOfTheEarlierConnection)
{
    // As where the programs that ran before a finding were joined.
    const std::string text{"a = connect\ni = a.bootstrap Init\ni.makeMining()\ndisconnect a clean\n"
                           "b = connect\nj = b.bootstrap Init\nj.makeLab()\ndisconnect b abrupt\n"};
    EXPECT_EQ(Reduced(PASS, text, {"makeMining", "makeLab", "abrupt"}),
              Canonical("c = connect\ni = c.bootstrap Init\ni.makeMining()\ni.makeLab()\ndisconnect c abrupt\n"));
    EXPECT_EQ(Reduced(PASS, text, {"makeMining", "clean", "makeLab", "abrupt"}),
              Canonical("c = connect\ni = c.bootstrap Init\ni.makeMining()\ndisconnect c clean\ni.makeLab()\n"
                        "disconnect c abrupt\n"))
        << "unless that is what it needs";
}

TEST_F(PassTest, MergeKeepsConnectionsThatTheFindingNeeds)
{
    const std::string text{Canonical("a = connect\ni = a.bootstrap Init\nb = connect\nj = b.bootstrap Lab\n"
                                     "d = connect\nd.bytes \"x\"\n")};
    EXPECT_EQ(Reduced(PASS, text, {"c2"}), text);
    EXPECT_EQ(Reduced(PASS, text, {"c1"}),
              Canonical("a = connect\ni = a.bootstrap Init\nb = connect\nj = b.bootstrap Lab\na.bytes \"x\"\n"));
}

} // namespace
} // namespace mpfuzz::triage
