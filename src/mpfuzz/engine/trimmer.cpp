#include <mpfuzz/engine/trimmer.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/program/edit.h>
#include <mpfuzz/program/print.h>

#include <utility>

namespace mpfuzz::engine {

void Trimmer::Advance(const schema::Schema& schema)
{
    m_candidate.reset();
    while (m_next > 0) {
        program::Program candidate{m_current};
        program::RemoveStep(candidate, static_cast<program::StepIndex>(--m_next));
        m_text = program::Print(schema, candidate);
        // What stood in for a value may be longer than the step that is gone.
        if (candidate.steps.empty() || m_text.size() > m_max) continue;
        m_candidate = std::move(candidate);
        return;
    }
}

void Trimmer::Judged(bool taken)
{
    CHECK(m_candidate);
    // What depended on the step went with it and lay behind: those in front still have their numbers.
    if (taken) m_current = std::move(*m_candidate);
}

} // namespace mpfuzz::engine
