#include <mpfuzz/peer/assembler.h>

#include <mpfuzz/program/edit.h>
#include <mpfuzz/program/validate.h>

#include <algorithm>

namespace mpfuzz::peer {

using program::CapabilityRef;
using program::StepIndex;
using program::Value;

namespace {

const std::string UNKNOWN_CAPABILITY{"a capability that no step of the program made, null instead"};
const std::string UNKNOWN_TARGET{"a call on a capability that no step of the program made"};
const std::string UNKNOWN_OBJECT{"an object of the client's whose interface nothing tells, null instead"};
const std::string BROKEN_OBJECT{"a promise of the client's that ended in an exception, null instead"};
const std::string CYCLE{"an object that its own answers contain, null instead"};

//! Equal for equal references.
std::vector<uint32_t> Key(const CapabilityRef& ref)
{
    std::vector<uint32_t> key{ref.step};
    for (const program::PathElement& element : ref.path) {
        key.push_back(static_cast<uint32_t>(element.kind));
        key.push_back(element.index);
    }
    return key;
}

} // namespace

program::Program Assembler::Assemble()
{
    CountUses();
    for (m_current = 0; m_current < m_recording.m_raw.steps.size(); ++m_current)
        Place(m_recording.m_raw.steps[m_current]);
    return std::move(m_program);
}

void Assembler::CountUses()
{
    for (StepIndex index{0}; index < m_recording.m_raw.steps.size(); ++index) {
        program::Step step{m_recording.m_raw.steps[index]};
        if (std::holds_alternative<program::Drop>(step)) continue;
        program::ForEachCapability(step, [&](const CapabilityRef& ref) {
            m_last_use[Key(ref)] = index;
            if (ref.step >= FIRST_OBJECT) ++m_uses[ref.step - FIRST_OBJECT];
        });
    }
}

void Assembler::Place(const program::Step& step)
{
    program::Step copy{step};
    if (!std::visit([&](auto& content) { return Rewrite(content); }, copy)) return;
    if (Push(std::move(copy))) m_steps[m_current] = static_cast<StepIndex>(m_program.steps.size() - 1);
}

bool Assembler::Push(program::Step step)
{
    m_program.steps.push_back(std::move(step));
    const auto index{static_cast<StepIndex>(m_program.steps.size() - 1)};
    if (m_program.steps.size() <= program::MAX_STEPS) {
        const auto valid{program::ValidateStep(m_recording.m_schema, m_program, index)};
        if (valid) return true;
        ++m_notes["a step that no program can have: " + valid.GetError().message];
    }
    m_program.steps.pop_back();
    return false;
}

bool Assembler::Rewrite(program::Call& step)
{
    if (!Map(step.target.step)) {
        ++m_notes[UNKNOWN_TARGET];
        return false;
    }
    for (program::FieldValue& field : step.arguments.fields) Rewrite(field.value);
    return true;
}

bool Assembler::Rewrite(program::Drop& step)
{
    // Where a later step still names it, the client had it by another way too, and so must the program.
    const auto used{m_last_use.find(Key(step.capability))};
    return (used == m_last_use.end() || used->second < m_current) && Map(step.capability.step);
}

bool Assembler::Map(StepIndex& step) const
{
    const auto found{m_steps.find(step)};
    if (found == m_steps.end()) return false;
    step = found->second;
    return true;
}

void Assembler::Rewrite(Value& value)
{
    if (auto* ref{value.As<CapabilityRef>()}) {
        if (ref->step >= FIRST_OBJECT) {
            value = Object(ref->step - FIRST_OBJECT);
        } else if (!Map(ref->step)) {
            ++m_notes[UNKNOWN_CAPABILITY];
            value = program::Null{};
        }
    } else if (auto* fields{value.As<program::StructValue>()}) {
        for (program::FieldValue& field : fields->fields) Rewrite(field.value);
    } else if (auto* list{value.As<program::ListValue>()}) {
        for (Value& element : list->elements) Rewrite(element);
    }
}

Value Assembler::Object(uint32_t object)
{
    if (const auto served{m_served.find(object)}; served != m_served.end()) return CapabilityRef{served->second, {}};
    const RecordedObject& recorded{m_recording.m_objects.at(object)};
    if (recorded.alias) {
        Value value{*recorded.alias};
        if (recorded.alias->step < FIRST_OBJECT) Rewrite(value);
        return value;
    }
    if (recorded.broken || !recorded.interface || m_open.contains(object)) {
        ++m_notes[recorded.broken ? BROKEN_OBJECT : !recorded.interface ? UNKNOWN_OBJECT : CYCLE];
        return program::Null{};
    }
    program::ServedObject served{Served(object)};
    // Inside another's answer there is no room for a step of its own.
    if (m_uses[object] <= 1 || !m_open.empty()) return served;
    if (!Push(program::Serve{std::move(served)})) return program::Null{};
    m_served[object] = static_cast<StepIndex>(m_program.steps.size() - 1);
    return CapabilityRef{m_served[object], {}};
}

program::ServedObject Assembler::Served(uint32_t object)
{
    const RecordedObject& recorded{m_recording.m_objects.at(object)};
    program::ServedObject served{*recorded.interface, {}};
    m_open.insert(object);
    for (const auto& [method, reaction] : recorded.reactions) {
        served.reactions.push_back(reaction);
        for (program::FieldValue& field : served.reactions.back().results) Rewrite(field.value);
    }
    m_open.erase(object);
    return served;
}

} // namespace mpfuzz::peer
