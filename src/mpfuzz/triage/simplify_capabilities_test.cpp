#include <mpfuzz/triage/minimize_fixture.h>

namespace mpfuzz::triage {
namespace {

constexpr std::string_view PASS{"simplify-capabilities"};
constexpr std::string_view HEAD{"c = connect\ninit = c.bootstrap Init\nlab = c.bootstrap Lab\n"};

std::string With(std::string_view rest) { return std::string{HEAD} + std::string{rest}; }

TEST_F(PassTest, CapabilitiesAreLeftOutWhereTheyAreNotNeeded)
{
    EXPECT_EQ(Reduced(PASS, With("a = lab.echo(lab = lab, labs = [lab, lab], anyPointer = lab)\n"), {"labs = ["}),
              Canonical(With("a = lab.echo(labs = [null, null])\n")));
}

TEST_F(PassTest, ProducersOfTheSameKindAreCollapsed)
{
    EXPECT_EQ(Reduced(PASS,
                      With("m = init.makeMining()\nn = init.makeMining()\no = init.makeMining()\n"
                           "n.result.getTip()\no.result.getBlocks()\nawait o\n"),
                      {"getTip", "getBlocks", "await"}),
              Canonical(With("m = init.makeMining()\nm.result.getTip()\nm.result.getBlocks()\nawait m\n")));
}

TEST_F(PassTest, TargetsAndArgumentsAreTheEarliestOfTheirInterface)
{
    EXPECT_EQ(Reduced(PASS, With("l = init.makeLab()\nl.result.echo(lab = l.result, texts = [\"x\"])\n"),
                      [](const program::Program& program) {
                          const auto* call{std::get_if<program::Call>(&program.steps.back())};
                          const auto* lab{call ? call->arguments.Find(24) : nullptr};
                          return lab && lab->As<program::CapabilityRef>();
                      }),
              Canonical(With("l = init.makeLab()\nlab.echo(lab = lab, texts = [\"x\"])\n")));
}

TEST_F(PassTest, OnlyTheNeededMoves)
{
    const std::string text{With("l = init.makeLab()\nl.result.echo(lab = l.result)\n")};
    EXPECT_EQ(Reduced(PASS, text, {"makeLab0.result.echo"}), Canonical(With("l = init.makeLab()\nl.result.echo()\n")));
    EXPECT_EQ(Reduced(PASS, text, {"lab = makeLab0.result"}),
              Canonical(With("l = init.makeLab()\nlab.echo(lab = l.result)\n")));
}

TEST_F(PassTest, ServedObjectsDoLess)
{
    const std::string text{
        With("init.construct(threadMap = serve ThreadMap { makeThread: later 9 (result = serve Thread "
             "{ getName: throw overloaded \"x\" }) })\n")};
    EXPECT_EQ(Reduced(PASS, text, {"construct"}), Canonical(With("init.construct()\n")));
    EXPECT_EQ(Reduced(PASS, text, {"serve ThreadMap"}),
              Canonical(With("init.construct(threadMap = serve ThreadMap)\n")));
    EXPECT_EQ(Reduced(PASS, text, {"makeThread"}),
              Canonical(With("init.construct(threadMap = serve ThreadMap { makeThread: return () })\n")));
    EXPECT_EQ(Reduced(PASS, text, {"result"}),
              Canonical(With(
                  "init.construct(threadMap = serve ThreadMap { makeThread: return (result = serve Thread) })\n")));
    EXPECT_EQ(
        Reduced(PASS, text, {"throw", "later 9"}),
        Canonical(With("init.construct(threadMap = serve ThreadMap { makeThread: later 9 (result = serve Thread { "
                       "getName: throw failed \"x\" }) })\n")));
}

TEST_F(PassTest, AServedObjectOfOneUseStandsWhereItIsUsed)
{
    EXPECT_EQ(
        Reduced(PASS, With("s = serve Lab { touch: never; numbers: never }\nlab.echo(lab = s)\n"), {"touch: never"}),
        Canonical(With("lab.echo(lab = serve Lab { touch: never })\n")));
    EXPECT_EQ(Reduced(PASS, With("s = serve Lab { touch: never; numbers: never }\nlab.echo(lab = s, capability = s)\n"),
                      {"lab = s0, capability = s0"}),
              Canonical(With("s = serve Lab\nlab.echo(lab = s, capability = s)\n")));
}

TEST_F(PassTest, DataBecomesPlain)
{
    const std::string text{With("n = lab.numbers()\n"
                                "lab.echo(uint8 = $n.small, texts = [$n.words[0]|cut(3)|flip(1), \"z\"])\n")};
    EXPECT_EQ(Reduced(PASS, text, {"\"z\""}), Canonical(With("n = lab.numbers()\nlab.echo(texts = [null, \"z\"])\n")));
    EXPECT_EQ(Reduced(PASS, text, {"flip(1)"}),
              Canonical(With("n = lab.numbers()\nlab.echo(texts = [$n.words[0]|flip(1), \"z\"])\n")));
}

TEST_F(PassTest, DelaysAreShortened)
{
    EXPECT_EQ(Reduced(PASS, "delay 1000ms\n", {"delay"}), "delay 0ms\n");
    EXPECT_EQ(
        Reduced(PASS, "delay 1000ms\n",
                [](const program::Program& program) { return std::get<program::Delay>(program.steps[0]).ms >= 137; }),
        "delay 137ms\n");
    EXPECT_LT(m_reruns, 14U);
}

} // namespace
} // namespace mpfuzz::triage
