#include <mpfuzz/mutate/mutators.h>

#include <mpfuzz/base/check.h>

#include <algorithm>
#include <array>

namespace mpfuzz::mutate {

generate::Inventory Context::Before(const program::Program& program, program::StepIndex end) const
{
    generate::Inventory inventory{schema_index};
    for (program::StepIndex step{0}; step < end; ++step) inventory.Note(program, step);
    return inventory;
}

// The weights are guesses, unmeasured. MutatorStatistics adapts them during a campaign.
std::span<const Mutator> Mutators()
{
    static constexpr std::array MUTATORS{
        Mutator{.name = "insert-call", .weight = 100, .apply = InsertCall},
        Mutator{.name = "remove-step", .weight = 60, .apply = RemoveAStep},
        Mutator{.name = "duplicate-step", .weight = 30, .apply = DuplicateStep},
        Mutator{.name = "vary-call", .weight = 60, .apply = VaryCall},
        Mutator{.name = "move-step", .weight = 40, .apply = MoveStep},
        Mutator{.name = "repeat-block", .weight = 15, .apply = RepeatBlock},
        Mutator{.name = "splice-steps", .weight = 40, .apply = SpliceSteps},
        Mutator{.name = "cross-over", .weight = 20, .needs = Needs::OTHER, .apply = CrossOver},
        Mutator{.name = "change-number", .weight = 60, .apply = ChangeNumber},
        Mutator{.name = "change-bytes", .weight = 60, .apply = ChangeBytes},
        Mutator{.name = "change-list", .weight = 30, .apply = ChangeList},
        Mutator{.name = "change-fields", .weight = 30, .apply = ChangeFields},
        Mutator{.name = "make-value", .weight = 80, .apply = MakeValueAnew},
        Mutator{.name = "take-answer", .weight = 40, .apply = TakeAnswer},
        Mutator{.name = "edit-answer", .weight = 15, .apply = EditAnswer},
        Mutator{.name = "hint-value", .weight = 40, .needs = Needs::HINTS, .apply = HintValue},
        Mutator{.name = "match-comparison", .weight = 40, .needs = Needs::COMPARISONS, .apply = MatchComparison},
        Mutator{.name = "break-value", .weight = 25, .apply = BreakValue},
        Mutator{.name = "retarget-capability", .weight = 60, .apply = RetargetCapability},
        Mutator{.name = "move-to-connection", .weight = 20, .apply = MoveToConnection},
        Mutator{.name = "change-served", .weight = 25, .apply = ChangeServed},
        Mutator{.name = "await-call", .weight = 30, .apply = AwaitCall},
        Mutator{.name = "pipeline-call", .weight = 30, .apply = PipelineCall},
        Mutator{.name = "give-up-early", .weight = 25, .apply = GiveUpEarly},
        Mutator{.name = "send-raw", .weight = 10, .apply = SendRaw},
        Mutator{.name = "change-timing", .weight = 10, .apply = ChangeTiming},
    };
    return MUTATORS;
}

size_t MutatorId(std::string_view name)
{
    const auto table{Mutators()};
    const auto found{std::ranges::find(table, name, &Mutator::name)};
    CHECK(found != table.end(), name);
    return static_cast<size_t>(found - table.begin());
}

} // namespace mpfuzz::mutate
