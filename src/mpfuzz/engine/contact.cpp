#include <mpfuzz/engine/contact.h>

#include <algorithm>

namespace mpfuzz::engine {
namespace {

// Guesses, unmeasured: number of programs at the start after which a target that closes each connection, or that
// refuses or does not answer any call, is no target to fuzz.
constexpr unsigned MAX_USELESS_RUNS{10};
constexpr unsigned MAX_SILENT_RUNS{2};

bool IsUnimplemented(const trace::Outcome& outcome)
{
    return outcome.status == trace::Status::EXCEPTION && outcome.exception == trace::ExceptionKind::UNIMPLEMENTED;
}

} // namespace

void Contact::Add(const program::Program& program, const trace::Trace& trace)
{
    if (m_works || !trace.ending.alive) return;
    const bool has_main{trace.ending.main_interface_seen};
    const bool closes{!trace.ending.closed.empty()};
    const bool replies{trace::HasReply(program, trace)};
    m_has_main |= has_main;
    m_has_replied |= replies;
    m_works = m_has_main && m_has_replied && !closes;
    ++m_runs;
    m_closing_runs += closes;
    if (replies) return;
    m_silent_runs += std::ranges::any_of(trace.outcomes, &trace::Outcome::awaited);
    m_refused_runs += std::ranges::any_of(trace.outcomes, IsUnimplemented);
}

std::string Contact::Problem() const
{
    if (m_works || m_runs == 0) return {};
    if (!m_has_main) {
        return "the target has never given its main interface: is `main_interface` in [schema] the interface that the "
               "server returns, does `socket` lead to a Cap'n Proto server, and is `bootstrap_ms` in [limits] long "
               "enough?";
    }
    if (m_closing_runs >= MAX_USELESS_RUNS) {
        return std::to_string(m_closing_runs) + " of the first " + std::to_string(m_runs) +
               " programs ended with a connection that the target closed: does the schema belong to this server?";
    }
    if (m_has_replied) return {};
    if (m_silent_runs >= MAX_SILENT_RUNS) {
        return "the target gives its main interface, but has not answered a single call: is `main_interface` in "
               "[schema] the interface that the server returns, and is `reply_ms` in [limits] long enough?";
    }
    if (m_refused_runs < MAX_USELESS_RUNS) return {};
    return "the target has answered all calls of the first " + std::to_string(m_runs) +
           " programs with `unimplemented`: is `main_interface` in [schema] the interface that the server returns?";
}

} // namespace mpfuzz::engine
