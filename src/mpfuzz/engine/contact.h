#pragma once

#include <mpfuzz/program/program.h>
#include <mpfuzz/trace/trace.h>

#include <string>

namespace mpfuzz::engine {

//! Whether a target is one that can be fuzzed, from its first programs.
class Contact
{
public:
    //! Call this after each run of a program.
    void Add(const program::Program& program, const trace::Trace& trace);

    //! Why it makes no sense to go on: the target has never given its main interface, has answered no call, or closed
    //! a connection in each of the first programs. Empty if all is well. The text says what to look at.
    std::string Problem() const;

private:
    bool m_works{false}; //!< all was well in one run; then the other members are not used any more
    bool m_has_main{false};
    bool m_has_replied{false};
    unsigned m_runs{0};         //!< number of runs that the target survived
    unsigned m_closing_runs{0}; //!< of these, the target closed a connection
    unsigned m_silent_runs{0};  //!< of these, no call was answered, and one was awaited until its deadline
    unsigned m_refused_runs{0}; //!< of these, no call was answered, and the target does not know the method of one
};

} // namespace mpfuzz::engine
