#include <mpfuzz/program/edit.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/program/walk.h>

#include <algorithm>

namespace mpfuzz::program {
namespace {

template<typename... Callables>
struct Visitor : Callables... {
    using Callables::operator()...;
};
// clang 14 does not deduce it for aggregates.
template<typename... Callables>
Visitor(Callables...) -> Visitor<Callables...>;

//! Moves every reference and moment of a step by functions of the index.
template<typename MoveReference, typename MoveMoment>
void Move(Step& step, const MoveReference& reference, const MoveMoment& moment)
{
    if (StepIndex * essential{EssentialReference(step)}) *essential = reference(*essential);
    WalkStep(step, Visitor{
                       [&](CapabilityRef& ref) { ref.step = reference(ref.step); },
                       [&](DataRef& ref) { ref.step = reference(ref.step); },
                       [&](ServedObject& object) {
                           for (Reaction& reaction : object.reactions) {
                               if (reaction.kind == Reaction::Kind::LATER) reaction.step = moment(reaction.step);
                           }
                       },
                   });
}

uint32_t ClampMoment(size_t moment) { return static_cast<uint32_t>(std::min(moment, MAX_STEPS)); }

//! Repairs the values of steps that stay while others go.
class Repair
{
public:
    explicit Repair(const std::vector<bool>& removed) : m_removed{removed} {}

    void InStep(Step& step) const
    {
        if (auto* call{std::get_if<Call>(&step)}) InFields(call->arguments.fields);
        if (auto* serve{std::get_if<Serve>(&step)}) InServed(serve->object);
        if (auto* message{std::get_if<Message>(&step)}) InFields(message->message.fields);
    }

private:
    void InFields(std::vector<FieldValue>& fields) const
    {
        std::erase_if(fields, [&](FieldValue& field) { return !Keep(field.value); });
    }

    void InServed(ServedObject& object) const
    {
        for (Reaction& reaction : object.reactions) InFields(reaction.results);
    }

    //! False where the value was data that is gone. Capabilities become null instead.
    bool Keep(Value& value) const
    {
        if (const auto* ref{value.As<DataRef>()}) return !m_removed[ref->step];
        if (const auto* ref{value.As<CapabilityRef>()}; ref && m_removed[ref->step]) {
            value.content = Null{};
        } else if (auto* list{value.As<ListValue>()}) {
            std::erase_if(list->elements, [&](Value& element) { return !Keep(element); });
        } else if (auto* repeat{value.As<RepeatValue>()}) {
            if (!Keep(repeat->element.at(0))) value.content = ListValue{};
        } else if (auto* any{value.As<AnyValue>()}) {
            if (!Keep(any->value.at(0))) value.content = Null{};
        } else if (auto* fields{value.As<StructValue>()}) {
            InFields(fields->fields);
        } else if (auto* object{value.As<ServedObject>()}) {
            InServed(*object);
        }
        return true;
    }

    const std::vector<bool>& m_removed;
};

} // namespace

size_t RemoveStep(Program& program, StepIndex step) { return RemoveSteps(program, step, step + 1); }

size_t RemoveSteps(Program& program, StepIndex begin, StepIndex end)
{
    const size_t size{program.steps.size()};
    CHECK(begin < end && end <= size, begin, end, size);
    std::vector<bool> removed(size);
    std::vector<StepIndex> moved(size + 1);
    StepIndex kept{0};
    for (StepIndex i{0}; i < size; ++i) {
        const StepIndex* essential{i >= end ? EssentialReference(program.steps[i]) : nullptr};
        removed[i] = (i >= begin && i < end) || (essential && removed[*essential]);
        moved[i] = kept;
        if (!removed[i]) ++kept;
    }
    moved[size] = kept;
    const auto reference{[&](StepIndex index) { return moved[index]; }};
    const auto moment{[&](uint32_t at) { return at <= size ? moved[at] : static_cast<uint32_t>(at - (size - kept)); }};
    const Repair repair{removed};
    for (StepIndex i{0}; i < size; ++i) {
        if (removed[i]) continue;
        if (i >= end) repair.InStep(program.steps[i]);
        Move(program.steps[i], reference, moment);
        if (moved[i] != i) program.steps[moved[i]] = std::move(program.steps[i]);
    }
    program.steps.resize(kept);
    return size - kept;
}

void InsertStep(Program& program, StepIndex position, Step step)
{
    CHECK(position <= program.steps.size(), position, program.steps.size());
    const auto up{[position](uint32_t index) { return index >= position ? index + 1 : index; }};
    for (Step& other : program.steps) Move(other, up, [&](uint32_t at) { return ClampMoment(up(at)); });
    program.steps.insert(program.steps.begin() + position, std::move(step));
}

std::optional<Program> AwaitEach(Program program)
{
    for (size_t step{program.steps.size()}; step-- > 0;) {
        if (!std::holds_alternative<Call>(program.steps[step])) continue;
        if (program.steps.size() == MAX_STEPS) return std::nullopt;
        const auto call{static_cast<StepIndex>(step)};
        InsertStep(program, call + 1, Await{.call = call});
    }
    return program;
}

std::optional<Program> DelayGivingUp(Program program, uint32_t ms)
{
    bool delayed{false};
    for (size_t step{program.steps.size()}; step-- > 0;) {
        const Step& here{program.steps[step]};
        const bool gives_up{std::holds_alternative<Cancel>(here) || std::holds_alternative<Drop>(here) ||
                            std::holds_alternative<Disconnect>(here) || std::holds_alternative<Signal>(here)};
        if (!gives_up) continue;
        if (program.steps.size() == MAX_STEPS) return std::nullopt;
        InsertStep(program, static_cast<StepIndex>(step), Delay{.ms = ms});
        delayed = true;
    }
    return delayed ? std::optional{std::move(program)} : std::nullopt;
}

void Append(Program& program, const Program& tail)
{
    const size_t offset{program.steps.size()};
    const auto up{[offset](uint32_t index) { return static_cast<uint32_t>(index + offset); }};
    const size_t added{tail.steps.size()};
    // Reserved first, because the tail may be the program itself.
    program.steps.reserve(offset + added);
    for (size_t i{0}; i < added; ++i) {
        program.steps.push_back(tail.steps[i]);
        Move(program.steps.back(), up, [&](uint32_t at) { return ClampMoment(at + offset); });
    }
}

void ForEachReference(Step& step, const std::function<void(StepIndex&)>& visit)
{
    if (StepIndex * essential{EssentialReference(step)}) visit(*essential);
    WalkStep(step, Visitor{
                       [&](CapabilityRef& ref) { visit(ref.step); },
                       [&](DataRef& ref) { visit(ref.step); },
                       [](ServedObject&) {},
                   });
}

void ForEachMoment(Step& step, const std::function<void(uint32_t&)>& visit)
{
    WalkStep(step, Visitor{
                       [](CapabilityRef&) {},
                       [](DataRef&) {},
                       [&](ServedObject& object) {
                           for (Reaction& reaction : object.reactions) {
                               if (reaction.kind == Reaction::Kind::LATER) visit(reaction.step);
                           }
                       },
                   });
}

void ForEachCapability(Step& step, const std::function<void(CapabilityRef&)>& visit)
{
    if (auto* call{std::get_if<Call>(&step)}) visit(call->target);
    if (auto* drop{std::get_if<Drop>(&step)}) visit(drop->capability);
    WalkStep(step, Visitor{
                       [&](CapabilityRef& ref) { visit(ref); },
                       [](DataRef&) {},
                       [](ServedObject&) {},
                   });
}

} // namespace mpfuzz::program
