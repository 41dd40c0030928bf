#pragma once

#include <mpfuzz/triage/memo.h>
#include <mpfuzz/triage/minimize.h>

#include <chrono>
#include <cstdint>
#include <unordered_set>
#include <utility>

namespace mpfuzz::triage {

//! What a pass works on: the smallest failing program so far, and the way to a smaller one.
class Search
{
public:
    //! Borrows everything.
    Search(const schema::Schema& schema, const program::Program& program, const StillFails& still_fails,
           const MinimizeLimits& limits);

    const schema::Schema& GetSchema() const { return m_schema; }
    //! The smallest program that is known to fail.
    const program::Program& Current() const { return m_result.program; }

    //! Run a candidate, unless its text is known to pass. It has to be valid, and smaller than Current() by
    //! Measure: otherwise CHECK fails.
    //!
    //! @return True where it fails: then it is Current(). False too where a limit forbids to run it.
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

    //! True where a limit has ended the search: a pass should return.
    bool Ended();

    //! Which pass is at work, for progress.
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
    //! Digests of texts that were run. One that failed was taken, and is larger than whatever comes after it:
    //! only those that passed can come again.
    std::unordered_set<uint64_t> m_passing;
};

} // namespace mpfuzz::triage
