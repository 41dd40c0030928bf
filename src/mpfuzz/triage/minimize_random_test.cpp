#include <mpfuzz/base/digest.h>
#include <mpfuzz/program/print.h>
#include <mpfuzz/program/test_program.h>
#include <mpfuzz/program/validate.h>
#include <mpfuzz/triage/minimize.h>
#include <mpfuzz/triage/size.h>

#include <gtest/gtest.h>

namespace mpfuzz::triage {
namespace {

using program::Program;
using program::TestSchema;

// Minimize itself checks that each candidate is valid and smaller.
TEST(MinimizeRandom, EndsForAnyProgramAndPredicate)
{
    base::Rng rng{40};
    size_t reruns{0};
    for (int i{0}; i < 80; ++i) {
        const Program from{program::RandomProgram(TestSchema(), rng)};
        const uint64_t salt{rng.Below(1'000)}, odds{2 + rng.Below(9)};
        const StillFails still_fails{[&](const Program& program) {
            return base::Digest64(std::to_string(salt) + program::Print(TestSchema(), program)) % odds == 0;
        }};
        const Minimized minimized{Minimize(TestSchema(), from, still_fails, {.max_reruns = 3'000})};
        reruns += minimized.reruns;
        ASSERT_TRUE(program::Validate(TestSchema(), minimized.program));
        if (minimized.program == from) continue;
        ASSERT_TRUE(still_fails(minimized.program));
        ASSERT_TRUE(Measure(TestSchema(), minimized.program) < Measure(TestSchema(), from));
    }
    EXPECT_GT(reruns, 2'000U);
}

TEST(MinimizeRandom, WhatAlwaysFailsBecomesOneStepThatNeedsNothing)
{
    base::Rng rng{41};
    for (int i{0}; i < 80; ++i) {
        const Program from{program::RandomProgram(TestSchema(), rng)};
        if (from.steps.empty()) continue;
        const Minimized minimized{Minimize(TestSchema(), from, [](const Program&) { return true; })};
        ASSERT_TRUE(minimized.complete);
        ASSERT_EQ(minimized.program.steps.size(), 1U);
        const Size size{Measure(TestSchema(), minimized.program)};
        ASSERT_EQ(size, (Size{.steps = 1})) << program::Print(TestSchema(), minimized.program);
    }
}

} // namespace
} // namespace mpfuzz::triage
