#include <mpfuzz/mutate/mutate.h>

#include <mpfuzz/mutate/test_mutator.h>
#include <mpfuzz/program/test_program.h>
#include <mpfuzz/program/validate.h>

#include <algorithm>

namespace mpfuzz::mutate {
namespace {

using program::Program;

//! Replaces every byte.
size_t Overwrite(std::span<uint8_t> bytes, size_t)
{
    std::ranges::fill(bytes, 0xa5);
    return bytes.size();
}

//! Makes many mutations and crossovers, most of them of earlier results, and visits each result.
template<typename Visit>
void Evolve(const program::TargetRules& rules, uint64_t seed, size_t rounds, const Visit& visit)
{
    generate::Generator generator{ShopSchema(), rules, {}};
    Mutation mutation{ShopSchema(), rules, generator};
    mutation.SetComparisons([] { return ComparisonList{{0, 7}, {1, 300}, {255, 8}}; });
    base::Rng rng{seed};
    std::vector<Program> pool{GeneratePrograms(rules, seed, 20)};
    for (size_t round{0}; round < rounds; ++round) {
        const Program& parent{rng.Pick(pool)};
        const Program& other{rng.Pick(pool)};
        Mutated child{rng.OneIn(5) ? mutation.Crossover(parent, other, rng)
                                   : mutation.Mutate(parent, rng, rng.OneIn(2) ? &other : nullptr, Overwrite)};
        visit(parent, child, mutation);
        if (rng.OneIn(10)) mutation.BroughtFeatures(child.mutators);
        rng.Pick(pool) = std::move(child.program);
    }
}

TEST(Mutation, MakesValidProgramsThatDifferAndPrintAndParse)
{
    Evolve(ShopRules(), 1, 80, [](const Program& parent, const Mutated& child, const Mutation&) {
        const auto valid{program::Validate(ShopSchema(), child.program)};
        ASSERT_TRUE(valid) << valid.GetError().message;
        ASSERT_FALSE(child.program == parent) << Print(parent);
        const std::string text{Print(child.program)};
        ASSERT_TRUE(MustParse(text) == child.program) << text;
    });
}

TEST(Mutation, KeepsProgramsWithEveryKindOfStepAndValueValid)
{
    const schema::Schema& schema{program::TestSchema()};
    program::TargetRules rules;
    rules.main_interface = schema.FindInterface("Init").value();
    generate::Generator generator{schema, rules, {}};
    Mutation mutation{schema, rules, generator};
    base::Rng rng{10};
    for (int i{0}; i < 100; ++i) {
        const Program parent{program::RandomProgram(schema, rng)};
        const Program other{program::RandomProgram(schema, rng)};
        for (const Mutated& child :
             {mutation.Mutate(parent, rng, &other, Overwrite), mutation.Crossover(parent, other, rng)}) {
            const auto valid{program::Validate(schema, child.program)};
            ASSERT_TRUE(valid) << valid.GetError().message;
            ASSERT_FALSE(child.program == parent);
        }
    }
}

TEST(Mutation, AppliesEveryMutator)
{
    MutatorStatistics statistics;
    Evolve(ShopRules(), 2, 800, [&](const Program&, const Mutated&, const Mutation& mutation) {
        statistics = mutation.GetMutatorStatistics();
    });
    for (size_t id{0}; id < Mutators().size(); ++id)
        EXPECT_GT(statistics.counts[id].applied, 0U) << Mutators()[id].name;
}

TEST(Mutation, MakesNoProgramLongerThanMaxSteps)
{
    program::TargetRules rules{ShopRules()};
    rules.max_steps = 10;
    size_t longest{0};
    Evolve(rules, 3, 800, [&](const Program& parent, const Mutated& child, const Mutation& mutation) {
        // The generator made the program, and the generator has other bounds.
        if (child.mutators.empty()) return;
        ASSERT_LE(child.program.steps.size(), std::max(mutation.MaxSteps(), parent.steps.size()));
        longest = std::max(longest, child.program.steps.size());
    });
    EXPECT_GT(longest, 10U);
}

TEST(Mutation, CallsDeniedMethodsOnlyIfTheyAreAllowed)
{
    program::TargetRules rules{ShopRules()};
    size_t calls{0};
    const auto count{[&](const Program&, const Mutated& child, const Mutation&) {
        for (const program::Step& step : child.program.steps) {
            const auto* call{std::get_if<program::Call>(&step)};
            calls += call && ShopSchema().MethodName(call->method) == "Shop.forbidden";
        }
    }};
    Evolve(rules, 4, 250, count);
    EXPECT_EQ(calls, 0U);
    rules.denied.clear();
    Evolve(rules, 4, 50, count);
    EXPECT_GT(calls, 0U);
}

TEST(Mutation, GivesTheSameResultForTheSameSeed)
{
    const auto run{[](uint64_t seed) {
        std::string all;
        Evolve(ShopRules(), seed, 80, [&](const Program&, const Mutated& child, const Mutation&) {
            all += Print(child.program);
            for (const size_t id : child.mutators) all += std::to_string(id) + ' ';
        });
        return all;
    }};
    EXPECT_EQ(run(5), run(5));
    EXPECT_NE(run(5), run(6));
}

TEST(Mutation, ReachesOneCallFromAnother)
{
    generate::Generator generator{ShopSchema(), ShopRules(), {}};
    Mutation mutation{ShopSchema(), ShopRules(), generator};
    base::Rng rng{7};
    const Program to{MustParse(Shop("enter0 = shop0.enter(name = \"a\")\nenter0.cart.pay()\nawait enter0\n"))};
    const Program from{MustParse(Shop("enter0 = shop0.enter(name = \"b\")\nenter0.cart.pay()\nawait enter0\n"))};
    bool reached{false};
    for (int i{0}; i < 20'000 && !reached; ++i) reached = mutation.Mutate(from, rng).program == to;
    EXPECT_TRUE(reached);
}

TEST(Mutation, PicksProductiveMutatorsMoreOften)
{
    const size_t productive{MutatorId("change-timing")};
    const auto share{[&](bool brings_features) {
        generate::Generator generator{ShopSchema(), ShopRules(), {}};
        Mutation mutation{ShopSchema(), ShopRules(), generator};
        base::Rng rng{8};
        const Program program{MustParse(Shop("shop0.ping()\nshop0.enter(name = \"a\")\n"))};
        for (int i{0}; i < 800; ++i) {
            const Mutated made{mutation.Mutate(program, rng)};
            if (brings_features && std::ranges::count(made.mutators, productive) > 0) {
                mutation.BroughtFeatures(std::array{productive});
            }
        }
        return mutation.GetMutatorStatistics().counts[productive].tried;
    }};
    EXPECT_GT(share(true), 2 * share(false));
}

TEST(Mutation, GeneratesAProgramIfThereIsNothingToMutate)
{
    generate::Generator generator{ShopSchema(), ShopRules(), {}};
    Mutation mutation{ShopSchema(), ShopRules(), generator};
    base::Rng rng{9};
    for (int i{0}; i < 20; ++i) EXPECT_GT(mutation.Mutate({}, rng).program.steps.size(), 0U);
    EXPECT_GT(mutation.Crossover({}, {}, rng).program.steps.size(), 0U);
}

TEST(Mutation, ContinuesWithEarlierStatistics)
{
    generate::Generator generator{ShopSchema(), ShopRules(), {}};
    Mutation mutation{ShopSchema(), ShopRules(), generator};
    MutatorStatistics statistics{NewMutatorStatistics()};
    statistics.Tried(1, true);
    mutation.SetMutatorStatistics(statistics);
    EXPECT_EQ(mutation.GetMutatorStatistics(), statistics);
    EXPECT_EXIT(mutation.SetMutatorStatistics({}), testing::ExitedWithCode(base::EXIT_OWN_BUG), "Mutators");
}

TEST(OverBounds, IsTrueIfAProgramIsInvalidBecauseOfItsSize)
{
    const auto pay{[](uint64_t count) {
        Program program{
            MustParse(Shop("enter0 = shop0.enter()\nenter0.cart.add(item = (parts = [(tags = [null])]))\n"))};
        auto& item{*std::get<program::Call>(program.steps[3]).arguments.Find(0)->As<program::StructValue>()};
        program::ListValue& parts{*item.Find(4)->As<program::ListValue>()};
        *item.Find(4) = program::RepeatValue{count, {program::Value{parts.elements[0]}}};
        return program;
    }};
    EXPECT_TRUE(program::Validate(ShopSchema(), pay(1'000)));
    EXPECT_FALSE(OverBounds(ShopSchema(), pay(1'000)));
    EXPECT_FALSE(program::Validate(ShopSchema(), pay(program::MAX_REPEAT)));
    EXPECT_TRUE(OverBounds(ShopSchema(), pay(program::MAX_REPEAT)));
    EXPECT_TRUE(OverBounds(ShopSchema(), Program{std::vector<program::Step>(program::MAX_STEPS + 1)}));
}

} // namespace
} // namespace mpfuzz::mutate
