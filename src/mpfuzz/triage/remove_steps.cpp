#include <mpfuzz/triage/remove_steps.h>

#include <mpfuzz/program/edit.h>

#include <algorithm>

namespace mpfuzz::triage {
namespace {

class RemoveSteps : public Reduction
{
public:
    std::optional<program::Program> Next(const program::Program& current) override
    {
        if (m_chunk == 0) StartSweep(std::max<size_t>(current.steps.size() / 2, 1), current);
        for (;;) {
            if (m_end == 0) {
                if (m_chunk == 1 && !m_taken) return std::nullopt;
                StartSweep(std::max<size_t>(m_chunk / 2, 1), current);
            }
            m_begin = m_end - std::min(m_chunk, m_end);
            program::Program candidate{Without(current, m_begin, m_end)};
            if (!candidate.steps.empty()) return candidate;
            m_end = m_begin;
        }
    }

    // Taken or not, what is left to try in this sweep lies in front: removing a step removes only later ones with it.
    void Judged(bool taken) override
    {
        m_taken |= taken;
        m_end = m_begin;
    }

private:
    void StartSweep(size_t chunk, const program::Program& current)
    {
        m_chunk = chunk;
        m_end = current.steps.size();
        m_taken = false;
    }

    static program::Program Without(program::Program program, size_t begin, size_t end)
    {
        for (size_t step{end}; step > begin; --step)
            program::RemoveStep(program, static_cast<program::StepIndex>(step - 1));
        return program;
    }

    size_t m_chunk{0};   //!< steps removed at once in this sweep
    size_t m_begin{0};   //!< of the candidate being judged
    size_t m_end{0};     //!< where the next candidate's steps end
    bool m_taken{false}; //!< anything, in this sweep
};

} // namespace

std::unique_ptr<Reduction> StartRemoveSteps(const schema::Schema&) { return std::make_unique<RemoveSteps>(); }

} // namespace mpfuzz::triage
