#pragma once

#include <mpfuzz/triage/memo.h>
#include <mpfuzz/triage/minimize.h>

#include <chrono>
#include <cstdint>
#include <unordered_set>
#include <utility>

namespace mpfuzz::triage {

//! What a pass works on: it reads the smallest failing program so far, and tries smaller ones.
class Search
{
public:
    //! All arguments have to outlive the search.
    Search(const schema::Schema& schema, const program::Program& program, const StillFails& still_fails,
           const MinimizeLimits& limits);

    const schema::Schema& GetSchema() const { return m_schema; }
    //! The smallest program that is known to fail.
    const program::Program& Current() const { return m_result.program; }

    //! Run a candidate, unless its text is known to pass. CHECK fails if it is not valid, or not smaller than
    //! Current() by Measure.
    //!
    //! @return True if it still fails: it then is Current(). False if it passes, or if a limit is reached.
    bool Try(program::Program candidate);

    //! Try a changed copy of the current program. @param edit  Called with the copy.
    template<typename Edit>
    bool TryWith(const Edit& edit)
    {
        if (Ended()) return false;
        program::Program candidate{Current()};
        edit(candidate);
        return Try(std::move(candidate));
    }

    //! Number of candidates that became Current(): as long as it is the same, so is Current().
    size_t Taken() const { return m_taken; }

    //! True if a limit has ended the search: a pass should then return.
    bool Ended();

    //! Set the name of the current pass, for progress reports.
    void Enter(std::string_view pass) { m_pass = pass; }

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
    size_t m_taken{0};
    //! Digests of the texts of candidates that passed. Those that failed cannot come again: all later candidates are
    //! smaller.
    std::unordered_set<uint64_t> m_passing;
};

} // namespace mpfuzz::triage
