#include <mpfuzz/peer/recording.h>

#include <mpfuzz/peer/assembler.h>
#include <mpfuzz/program/print.h>

#include <algorithm>

namespace mpfuzz::peer {

using program::StepIndex;

std::optional<StepIndex> Recording::Add(program::Step step)
{
    if (m_raw.steps.size() >= program::MAX_STEPS) {
        Note("steps beyond the first " + std::to_string(program::MAX_STEPS));
        return std::nullopt;
    }
    m_raw.steps.push_back(std::move(step));
    return static_cast<StepIndex>(m_raw.steps.size() - 1);
}

void Recording::DropTrailingDrops()
{
    while (!m_raw.steps.empty() && std::holds_alternative<program::Drop>(m_raw.steps.back())) m_raw.steps.pop_back();
}

uint32_t Recording::AddObject()
{
    m_objects.emplace_back();
    return static_cast<uint32_t>(m_objects.size() - 1);
}

program::Value Recording::Object(uint32_t object) { return program::CapabilityRef{FIRST_OBJECT + object, {}}; }

void Recording::Note(const std::string& what, size_t times)
{
    if (times > 0) m_notes[what] += times;
}

std::string Recording::Text() const
{
    Assembler assembler{*this};
    const program::Program program{assembler.Assemble()};
    std::string text{"# Recorded by mpfuzz proxy.\n"};
    for (const auto& [what, times] : assembler.Notes())
        text += "# Not in it, " + std::to_string(times) + (times == 1 ? " time: " : " times: ") + what + ".\n";
    return text + program::Print(m_schema, program);
}

} // namespace mpfuzz::peer
