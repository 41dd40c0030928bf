#pragma once

#include <mpfuzz/program/program.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

namespace mpfuzz::triage {

class Memo;
class Search;

//! Returns true if a program still shows the finding that is being minimised. We then say that the program fails,
//! otherwise that it passes. If the finding is flaky, the function may run the program several times.
using StillFails = std::function<bool(const program::Program&)>;

struct MinimizeProgress {
    std::string_view pass; //!< name of the current pass
    size_t reruns{0};      //!< number of candidates that were run so far
    size_t steps{0};       //!< number of steps of the smallest failing program so far
    size_t calls{0};       //!< number of calls among these steps
};

struct Pass;

struct MinimizeLimits {
    size_t max_reruns{1000};
    std::function<void(const MinimizeProgress&)> on_progress{}; //!< called after every rerun; may be empty
    //! Time limit, counted from the start of the minimisation; nullopt for no limit. With a limit, the result depends
    //! on the speed of the target.
    std::optional<std::chrono::milliseconds> max_time{};
    //! Called before and after every rerun. Returns true if the minimisation must end. May be empty.
    std::function<bool()> stop{};
    //! Called at once with each smaller program that fails, so that the caller can store it; may be empty.
    std::function<void(const program::Program&)> on_smaller{};
    //! Candidates that passed in earlier minimisations. Those that pass in this one are added. May be null. Use it only
    //! if the predicate is deterministic.
    Memo* known{nullptr};
    std::span<const Pass> passes{}; //!< the passes to run; all if empty
};

struct Minimized {
    program::Program program; //!< the smallest failing program that was found; valid
    size_t reruns{0};
    bool complete{true}; //!< false if max_reruns, max_time or stop ended the minimisation early
};

//! Makes a failing program as small as the passes can. Measure() in triage/size.h defines the size.
//!
//! The result is deterministic if the predicate is deterministic, and if neither max_time nor stop ends the search. No
//! text is run twice. If the result is complete, no pass finds a smaller program that fails. In particular, if any one
//! step is removed, together with the steps that depend on it, the program passes.
//!
//! @param program  Valid. It must be a failing program; it is not run itself.
Minimized Minimize(const schema::Schema& schema, const program::Program& program, const StillFails& still_fails,
                   const MinimizeLimits& limits = {});

//! One way to make programs smaller.
struct Pass {
    std::string_view name;
    //! Tries candidates until it finds no smaller failing program; see Search.
    void (*reduce)(Search& search);
};

//! The table of all passes, in the order in which they run. They are repeated until no pass finds a smaller program.
std::span<const Pass> Passes();

} // namespace mpfuzz::triage
