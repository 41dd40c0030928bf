#pragma once

#include <mpfuzz/triage/memo.h>
#include <mpfuzz/triage/minimize.h>

#include <chrono>
#include <cstdint>
#include <unordered_set>
#include <utility>

namespace mpfuzz::triage {

//! The state of a minimisation. A pass reads the smallest failing program so far, and tries smaller ones.
class Search
{
public:
    //! Borrows all arguments.
    Search(const schema::Schema& schema, const program::Program& program, const StillFails& still_fails,
           const MinimizeLimits& limits);

    const schema::Schema& GetSchema() const { return m_schema; }
    //! The smallest program that is known to fail.
    const program::Program& Current() const { return m_result.program; }

    //! Runs a candidate, unless its text is known to pass. CHECK fails if the candidate is not valid, or if Measure()
    //! does not make it smaller than Current().
    //!
    //! @return True if it fails: Current() is then the candidate. False if it passes, or if a limit is reached.
    bool Try(program::Program candidate);

    //! Tries a changed copy of the current program. @param edit  Called with the copy; changes it.
    template<typename Edit>
    bool TryWith(const Edit& edit)
    {
        if (Ended()) return false;
        program::Program candidate{Current()};
        edit(candidate);
        return Try(std::move(candidate));
    }

    //! Number of candidates that became Current(). As long as it does not change, Current() does not change.
    size_t AcceptedCount() const { return m_accepted; }

    //! True if a limit has ended the search. A pass should then return.
    bool Ended();

    //! Sets the name of the current pass, for progress reports.
    void SetPass(std::string_view pass) { m_pass = pass; }

    Minimized Take() && { return std::move(m_result); }

private:
    bool OutOfTime() const;
    void Report() const;

    const schema::Schema& m_schema;
    const StillFails& m_still_fails;
    const MinimizeLimits& m_limits;
    const std::chrono::steady_clock::time_point m_start{std::chrono::steady_clock::now()};
    std::string_view m_pass;
    Minimized m_result;
    size_t m_accepted{0};
    //! Digests of the texts of candidates that passed. Those that failed are not stored: all later candidates are
    //! smaller, so none of them can have the same text.
    std::unordered_set<uint64_t> m_passing;
};

} // namespace mpfuzz::triage
