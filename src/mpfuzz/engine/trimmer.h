#pragma once

#include <mpfuzz/program/program.h>

#include <cstddef>
#include <optional>
#include <string>

namespace mpfuzz::engine {

//! Makes a corpus program smaller step by step, for engines that ask for one candidate after another (AFL++'s trim
//! functions) and keep it where it reaches what the original does.
//!
//!     Trimmer trimmer{program, size};
//!     for (trimmer.Advance(schema); trimmer.Done() < trimmer.Total(); trimmer.Advance(schema))
//!         trimmer.Judged(ReachesTheSame(trimmer.Candidate()));
//!
//! From the last step to the first, each is left out once, with what depends on it.
class Trimmer
{
public:
    //! @param max  Bytes that a candidate may have: the engine's input's.
    Trimmer(program::Program program, size_t max)
        : m_current{std::move(program)}, m_max{max}, m_total{m_current.steps.size()}, m_next{m_total}
    {
    }

    //! Make the next candidate, if there is one.
    void Advance(const schema::Schema& schema);

    //! Its text: of at least one step.
    const std::string& Candidate() const { return m_text; }

    //! The candidate reaches the same, or not.
    void Judged(bool taken);

    //! Steps dealt with, of how many. Equal at the end, when there is no candidate.
    size_t Done() const { return m_candidate ? m_total - 1 - m_next : m_total; }
    size_t Total() const { return m_total; }

private:
    program::Program m_current;
    size_t m_max;
    size_t m_total;
    size_t m_next; //!< steps in front of this one have not been tried
    std::optional<program::Program> m_candidate;
    std::string m_text;
};

} // namespace mpfuzz::engine
