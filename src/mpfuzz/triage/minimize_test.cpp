#include <mpfuzz/triage/minimize.h>

#include <mpfuzz/base/digest.h>
#include <mpfuzz/base/testing/temporary_directory.h>
#include <mpfuzz/program/edit.h>
#include <mpfuzz/program/print.h>
#include <mpfuzz/program/test_program.h>
#include <mpfuzz/program/testing/must_parse.h>
#include <mpfuzz/program/validate.h>
#include <mpfuzz/schema/load.h>
#include <mpfuzz/triage/memo.h>
#include <mpfuzz/triage/size.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace mpfuzz::triage {
namespace {

using program::Program;

class MinimizeTest : public testing::Test
{
protected:
    MinimizeTest()
    {
        const std::vector<std::string> files{MPFUZZ_SOURCE_DIR "/src/mpfuzz/observe/testdata/calls.capnp"};
        auto schema{schema::LoadFiles(files, {})};
        CHECK(schema, schema ? "" : schema.GetError().message);
        m_schema = *schema;
    }

    Program Parsed(std::string_view text) const { return program::MustParse(*m_schema, text); }

    std::string Text(const Program& program) const { return program::Print(*m_schema, program); }

    //! Number of calls of a method.
    size_t Count(const Program& program, std::string_view method) const
    {
        size_t count{0};
        for (const auto& step : program.steps) {
            const auto* call{std::get_if<program::Call>(&step)};
            count += call && m_schema->MethodName(call->method) == method;
        }
        return count;
    }

    std::shared_ptr<const schema::Schema> m_schema;
};

//! A program with many calls. The crash below needs only a few of them.
std::string LongText(int workers)
{
    std::string text{"c0 = connect\nroot = c0.bootstrap Root\nc1 = connect\nother = c1.bootstrap Root\n"};
    for (int i{0}; i < workers; ++i) {
        const std::string n{std::to_string(i)};
        text += "w" + n + " = root.makeWorker(name = \"" + n + "\")\n";
        text += "x" + n + " = w" + n + ".worker.work(amount = " + n + ")\n";
        text += "await x" + n + "\n";
        text += "y" + n + " = other.count()\n";
    }
    return text + "disconnect c0 abrupt\n";
}

TEST_F(MinimizeTest, KeepsExactlyWhatTheFindingNeeds)
{
    // The bug needs two calls of work on one worker, and a disconnect.
    const Program from{Parsed(LongText(12) + "z = w5.worker.work(amount = 77)\n")};
    const StillFails still_fails{[&](const Program& program) {
        std::map<program::StepIndex, int> works;
        bool disconnected{false};
        for (const auto& step : program.steps) {
            const auto* call{std::get_if<program::Call>(&step)};
            if (call && m_schema->MethodName(call->method) == "Worker.work") ++works[call->target.step];
            disconnected |= std::holds_alternative<program::Disconnect>(step);
        }
        return disconnected &&
               std::any_of(works.begin(), works.end(), [](const auto& entry) { return entry.second > 1; });
    }};
    ASSERT_TRUE(still_fails(from));
    const Minimized minimized{Minimize(*m_schema, from, still_fails)};
    EXPECT_TRUE(minimized.complete);
    EXPECT_EQ(Text(minimized.program), Text(Parsed("c0 = connect\n"
                                                   "root = c0.bootstrap Root\n"
                                                   "w5 = root.makeWorker()\n"
                                                   "x5 = w5.worker.work()\n"
                                                   "disconnect c0 abrupt\n"
                                                   "z = w5.worker.work()\n")));
    EXPECT_LT(minimized.reruns, 60U) << "halving first keeps the number of reruns small";
}

TEST_F(MinimizeTest, EndsIfNoSingleStepCanBeRemoved)
{
    // The predicate is not monotone: the program fails if it has an odd number of calls of count. Without one of them
    // it passes, without two it fails.
    const Program from{Parsed(LongText(7))};
    const StillFails still_fails{[&](const Program& program) { return Count(program, "Root.count") % 2 == 1; }};
    ASSERT_TRUE(still_fails(from));
    const Minimized minimized{Minimize(*m_schema, from, still_fails)};
    EXPECT_TRUE(minimized.complete);
    EXPECT_TRUE(still_fails(minimized.program));
    for (program::StepIndex step{0}; step < minimized.program.steps.size(); ++step) {
        Program smaller{minimized.program};
        program::RemoveStep(smaller, step);
        EXPECT_FALSE(still_fails(smaller)) << Text(smaller);
    }
}

TEST_F(MinimizeTest, NeverRunsATextTwiceOrTheGivenProgramOrTheEmptyProgram)
{
    const Program from{Parsed(LongText(6))};
    std::map<std::string, int> runs;
    const StillFails still_fails{[&](const Program& program) {
        EXPECT_TRUE(program::Validate(*m_schema, program));
        EXPECT_FALSE(program.steps.empty());
        ++runs[Text(program)];
        return Count(program, "Root.makeWorker") >= 2 && Count(program, "Root.count") >= 1;
    }};
    const Minimized minimized{Minimize(*m_schema, from, still_fails)};
    EXPECT_EQ(runs.size(), minimized.reruns);
    EXPECT_FALSE(runs.contains(Text(from)));
    for (const auto& [text, count] : runs) EXPECT_EQ(count, 1) << text;
}

TEST_F(MinimizeTest, IsDeterministic)
{
    const Program from{Parsed(LongText(9))};
    const auto run{[&] {
        std::vector<std::string> order;
        Minimize(*m_schema, from, [&](const Program& program) {
            order.push_back(Text(program));
            return Count(program, "Worker.work") >= 3;
        });
        return order;
    }};
    EXPECT_EQ(run(), run());
}

TEST_F(MinimizeTest, StopsAtTheBudgetWithTheBestSoFar)
{
    const Program from{Parsed(LongText(20))};
    const StillFails still_fails{[&](const Program& program) { return Count(program, "Worker.work") >= 3; }};
    size_t told{0};
    const MinimizeLimits limits{.max_reruns = 5, .on_progress = [&](const MinimizeProgress& progress) {
                                    EXPECT_EQ(progress.reruns, ++told);
                                    EXPECT_LE(progress.steps, from.steps.size());
                                    EXPECT_EQ(progress.pass, "remove-steps");
                                }};
    const Minimized minimized{Minimize(*m_schema, from, still_fails, limits)};
    EXPECT_FALSE(minimized.complete);
    EXPECT_EQ(minimized.reruns, 5U);
    EXPECT_EQ(told, 5U);
    EXPECT_TRUE(still_fails(minimized.program));
    EXPECT_LT(minimized.program.steps.size(), from.steps.size());
}

TEST_F(MinimizeTest, ReportsEachSmallerProgramAtOnce)
{
    const Program from{Parsed(LongText(8))};
    std::vector<Program> smaller;
    const StillFails still_fails{[&](const Program& program) { return Count(program, "Worker.work") >= 2; }};
    const MinimizeLimits limits{.on_smaller = [&](const Program& program) { smaller.push_back(program); }};
    const Minimized minimized{Minimize(*m_schema, from, still_fails, limits)};
    ASSERT_FALSE(smaller.empty());
    EXPECT_EQ(smaller.back(), minimized.program);
    Size last{Measure(*m_schema, from)};
    for (const Program& program : smaller) {
        EXPECT_TRUE(still_fails(program));
        const Size size{Measure(*m_schema, program)};
        EXPECT_TRUE(size < last) << Text(program);
        last = size;
    }
}

TEST_F(MinimizeTest, IsNotCompleteIfStopped)
{
    const Program from{Parsed(LongText(20))};
    size_t runs{0};
    const StillFails still_fails{[&](const Program& program) {
        ++runs;
        return Count(program, "Worker.work") >= 3;
    }};
    const MinimizeLimits limits{.stop = [&] { return runs >= 4; }};
    const Minimized minimized{Minimize(*m_schema, from, still_fails, limits)};
    EXPECT_FALSE(minimized.complete);
    EXPECT_EQ(minimized.reruns, 4U);
    EXPECT_LT(minimized.program.steps.size(), from.steps.size());
}

TEST_F(MinimizeTest, IsNotCompleteIfTheTimeIsUp)
{
    const Program from{Parsed(LongText(20))};
    const MinimizeLimits limits{.max_time = std::chrono::milliseconds{0}};
    const Minimized minimized{Minimize(
        *m_schema, from, [](const Program&) { return true; }, limits)};
    EXPECT_FALSE(minimized.complete);
    EXPECT_EQ(minimized.reruns, 0U);
    EXPECT_EQ(minimized.program, from);
}

TEST_F(MinimizeTest, ContinuesFromAMemoWithoutRunningAnythingAgain)
{
    const base::TemporaryDirectory directory;
    const Program from{Parsed(LongText(6))};
    std::map<std::string, int> runs;
    const StillFails still_fails{[&](const Program& program) {
        ++runs[Text(program)];
        return Count(program, "Root.makeWorker") >= 2 && Count(program, "Root.count") >= 1;
    }};
    Program best{from};
    // Simulates a user who stops the minimisation several times.
    bool complete{false};
    size_t sessions{0};
    while (!complete) {
        ASSERT_LT(++sessions, 100U);
        auto memo{Memo::Open(directory.Path("minimize.state"), "subject")};
        ASSERT_TRUE(memo);
        Minimized minimized{Minimize(*m_schema, best, still_fails, {.max_reruns = 5, .known = &*memo})};
        best = minimized.program;
        complete = minimized.complete;
    }
    EXPECT_GT(sessions, 2U);
    EXPECT_EQ(best, Minimize(*m_schema, from, still_fails).program);
    for (const auto& [text, count] : runs)
        EXPECT_LE(count, 2) << "once in the run above and once in this one:\n" << text;
}

TEST_F(MinimizeTest, DoesNotChangeAProgramIfTheFindingNeedsAllOfIt)
{
    for (const std::string_view text :
         {"", "c0 = connect\n", "c0 = connect\nroot = c0.bootstrap Root\nn = root.count()\n"}) {
        const Program from{Parsed(text)};
        const Minimized minimized{Minimize(*m_schema, from, [](const Program&) { return false; })};
        EXPECT_EQ(minimized.program, from);
        EXPECT_TRUE(minimized.complete);
    }
}

// Search::Try checks that each candidate is valid and smaller.
TEST(MinimizeRandom, EndsForAnyProgramAndPredicate)
{
    base::Rng rng{40};
    size_t reruns{0};
    for (int i{0}; i < 80; ++i) {
        const Program from{program::RandomProgram(program::TestSchema(), rng)};
        const uint64_t salt{rng.Below(1'000)}, odds{2 + rng.Below(9)};
        const StillFails still_fails{[&](const Program& program) {
            return base::Digest64(std::to_string(salt) + program::Print(program::TestSchema(), program)) % odds == 0;
        }};
        const Minimized minimized{Minimize(program::TestSchema(), from, still_fails, {.max_reruns = 3'000})};
        reruns += minimized.reruns;
        ASSERT_TRUE(program::Validate(program::TestSchema(), minimized.program));
        if (minimized.program == from) continue;
        ASSERT_TRUE(still_fails(minimized.program));
        ASSERT_TRUE(Measure(program::TestSchema(), minimized.program) < Measure(program::TestSchema(), from));
    }
    EXPECT_GT(reruns, 2'000U);
}

TEST(MinimizeRandom, AProgramThatAlwaysFailsBecomesOneStepThatNeedsNoOther)
{
    base::Rng rng{41};
    for (int i{0}; i < 80; ++i) {
        const Program from{program::RandomProgram(program::TestSchema(), rng)};
        if (from.steps.empty()) continue;
        const Minimized minimized{Minimize(program::TestSchema(), from, [](const Program&) { return true; })};
        ASSERT_TRUE(minimized.complete);
        ASSERT_EQ(minimized.program.steps.size(), 1U);
        const Size size{Measure(program::TestSchema(), minimized.program)};
        ASSERT_EQ(size, (Size{.steps = 1})) << program::Print(program::TestSchema(), minimized.program);
    }
}

} // namespace
} // namespace mpfuzz::triage
