#include <mpfuzz/mutate/steps.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/program/edit.h>
#include <mpfuzz/program/visit.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace mpfuzz::mutate {

using program::CapabilityRef;
using program::Program;
using program::Step;
using program::StepIndex;

namespace {

// All numbers here are guesses, unmeasured.

// How often RemoveAStep picks among the unused steps only. Otherwise a program would get more and more connections,
// bootstraps and served objects that no step uses.
constexpr uint64_t UNUSED_ONE_IN{2};
// Largest number of copies that VaryCall makes. Calls are pipelined, so 24 calls cost little more than one.
constexpr uint64_t MAX_VARIANTS{24};
// How often VaryCall tries to change a value in one copy.
constexpr int VARIANT_TRIES{4};
// RepeatBlock: largest number of steps in a block, and of copies of it.
constexpr size_t MAX_BLOCK{8};
constexpr size_t MAX_COPIES{15};

} // namespace

std::optional<StepIndex> PickStep(const Program& program, base::Rng& rng,
                                  const std::function<bool(const Step&)>& wanted)
{
    std::optional<StepIndex> chosen;
    uint64_t seen{0};
    for (StepIndex step{0}; step < program.steps.size(); ++step) {
        if (wanted(program.steps[step]) && rng.OneIn(++seen)) chosen = step;
    }
    return chosen;
}

std::optional<StepIndex> PickCallWithParameters(const schema::Schema& schema, const Program& program, base::Rng& rng)
{
    return PickStep(program, rng, [&schema](const Step& step) {
        const auto* call{std::get_if<program::Call>(&step)};
        return call && !schema.GetStruct(schema.GetMethod(call->method).params).fields.empty();
    });
}

std::optional<CapabilityRef> PickCapability(const generate::Inventory& inventory, base::Rng& rng,
                                            const std::function<bool(const generate::Item&)>& wanted)
{
    std::vector<CapabilityRef> candidates;
    for (const generate::Item& item : inventory.Items()) {
        if (wanted(item)) candidates.push_back(item.ref);
    }
    if (candidates.empty()) return std::nullopt;
    return rng.Pick(candidates);
}

void Renumber(Step& step, const std::function<StepIndex(StepIndex)>& map)
{
    program::ForEachReference(step, [&map](StepIndex& reference) { reference = map(reference); });
    program::ForEachMoment(step,
                           [&map](uint32_t& moment) { moment = std::min<uint32_t>(map(moment), program::MAX_STEPS); });
}

void InsertSteps(Program& program, StepIndex position, std::vector<Step> steps)
{
    CHECK(position <= program.steps.size(), position, program.steps.size());
    const auto count{static_cast<uint32_t>(steps.size())};
    const auto up{[=](StepIndex index) { return index >= position ? index + count : index; }};
    for (Step& step : program.steps) Renumber(step, up);
    program.steps.insert(program.steps.begin() + position, std::move_iterator{steps.begin()},
                         std::move_iterator{steps.end()});
}

bool InsertCall(Program& program, Context& context)
{
    if (context.Room(program) == 0) return false;
    // Usually near the end, because there the call can use all capabilities and answers of the program.
    const size_t end{program.steps.size()};
    const size_t position{end - context.rng.SkewedLength(end)};
    return context.generator.InsertGoal(program, static_cast<StepIndex>(position), context.rng) > 0;
}

namespace {

//! Picks a Connect, Bootstrap or Serve step to which no other step refers.
std::optional<StepIndex> PickUnused(const Program& program, base::Rng& rng)
{
    std::vector<bool> used(program.steps.size());
    for (const Step& step : program.steps) {
        program::ForEachReference(step, [&](StepIndex reference) { used[reference] = true; });
    }
    StepIndex next{0};
    return PickStep(program, rng, [&](const Step& step) {
        return !used[next++] &&
               (std::holds_alternative<program::Connect>(step) || std::holds_alternative<program::Bootstrap>(step) ||
                std::holds_alternative<program::Serve>(step));
    });
}

} // namespace

bool RemoveAStep(Program& program, Context& context)
{
    if (program.steps.empty()) return false;
    std::optional<StepIndex> step;
    if (context.rng.OneIn(UNUSED_ONE_IN)) step = PickUnused(program, context.rng);
    if (!step) step = static_cast<StepIndex>(context.rng.Below(program.steps.size()));
    program::RemoveStep(program, *step);
    return true;
}

bool DuplicateStep(Program& program, Context& context)
{
    const auto step{PickStep(program, context.rng, [](const Step& candidate) {
        // A second Connect or Serve does nothing unless a step refers to it.
        return !std::holds_alternative<program::Connect>(candidate) &&
               !std::holds_alternative<program::Serve>(candidate);
    })};
    if (!step || context.Room(program) == 0) return false;
    const size_t behind{program.steps.size() - *step - 1};
    const auto position{*step + 1 + static_cast<StepIndex>(context.rng.SkewedLength(behind))};
    InsertSteps(program, position, {program.steps[*step]});
    return true;
}

bool VaryCall(Program& program, Context& context)
{
    static constexpr std::array CHANGES{ChangeNumber, ChangeNumber, ChangeBytes, ChangeBytes, ChangeList, ChangeFields};
    const auto picked{PickCallWithParameters(context.schema, program, context.rng)};
    if (!picked) return false;
    const size_t variants{std::min<size_t>(1 + context.rng.Below(MAX_VARIANTS), context.Room(program))};
    for (size_t i{0}; i < variants; ++i) {
        InsertSteps(program, *picked + 1, {program.steps[*picked]});
        Context one{context};
        one.only_step = *picked + 1;
        for (int tries{0}; tries < VARIANT_TRIES; ++tries) {
            if (context.rng.Pick(CHANGES)(program, one)) break;
        }
    }
    return variants > 0;
}

namespace {

//! First and last index that a step may have: it must be after all steps that it needs, and before all steps that need
//! it.
std::pair<StepIndex, StepIndex> RangeOf(const Program& program, StepIndex step)
{
    StepIndex first{0};
    program::ForEachReference(program.steps[step], [&](StepIndex used) { first = std::max(first, used + 1); });
    auto last{static_cast<StepIndex>(program.steps.size() - 1)};
    for (StepIndex user{step + 1}; user <= last; ++user) {
        bool needs{false};
        program::ForEachReference(program.steps[user], [&](StepIndex used) { needs |= used == step; });
        if (needs) last = user - 1;
    }
    return {first, last};
}

void Move(Program& program, StepIndex from, StepIndex to)
{
    const auto map{[=](StepIndex index) {
        if (index == from) return to;
        if (from < index && index <= to) return index - 1;
        return to <= index && index < from ? index + 1 : index;
    }};
    for (Step& step : program.steps) Renumber(step, map);
    const auto begin{program.steps.begin()};
    if (from < to) {
        std::rotate(begin + from, begin + from + 1, begin + to + 1);
    } else {
        std::rotate(begin + to, begin + from, begin + from + 1);
    }
}

} // namespace

bool MoveStep(Program& program, Context& context)
{
    if (program.steps.empty()) return false;
    const auto step{static_cast<StepIndex>(context.rng.Below(program.steps.size()))};
    const auto [first, last]{RangeOf(program, step)};
    if (first == last) return false;
    // Any index of the range except the step's own.
    const auto chosen{first + static_cast<StepIndex>(context.rng.Below(last - first))};
    Move(program, step, chosen < step ? chosen : chosen + 1);
    return true;
}

bool RepeatBlock(Program& program, Context& context)
{
    if (program.steps.empty()) return false;
    const auto begin{static_cast<StepIndex>(context.rng.Below(program.steps.size()))};
    const size_t longest{std::min({MAX_BLOCK, program.steps.size() - begin, context.Room(program)})};
    if (longest == 0) return false;
    const auto length{static_cast<StepIndex>(1 + context.rng.SkewedLength(longest - 1))};
    const size_t most{std::min(MAX_COPIES, context.Room(program) / length)};
    const auto copies{static_cast<StepIndex>(1 + context.rng.SkewedLength(most - 1))};

    const StepIndex end{begin + length};
    std::vector<Step> added;
    for (StepIndex copy{1}; copy <= copies; ++copy) {
        const auto into_copy{[&](StepIndex index) { return index >= begin ? index + copy * length : index; }};
        for (StepIndex step{begin}; step < end; ++step) {
            added.push_back(program.steps[step]);
            Renumber(added.back(), into_copy);
        }
    }
    InsertSteps(program, end, std::move(added));
    return true;
}

} // namespace mpfuzz::mutate
