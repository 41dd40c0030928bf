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

//! True where a program still shows the finding that is being minimised. Whoever passes it decides how
//! often a flaky finding is tried.
using StillFails = std::function<bool(const program::Program&)>;

struct MinimizeProgress {
    std::string_view pass; //!< name of the pass at work
    size_t reruns{0};      //!< so far
    size_t steps{0};       //!< of the smallest failing program so far
    size_t calls{0};       //!< among them
};

struct Pass;

struct MinimizeLimits {
    size_t max_reruns{1000};
    std::function<void(const MinimizeProgress&)> on_progress{}; //!< after every rerun; may be empty
    //! Since the start; nothing for no limit. The result then depends on how fast the target is.
    std::optional<std::chrono::milliseconds> max_time{};
    std::function<bool()> stop{}; //!< asked before and after every rerun; may be empty
    //! Called at once with each smaller program that fails, so that none is lost; may be empty.
    std::function<void(const program::Program&)> on_smaller{};
    //! Candidates that passed in earlier runs, to which those of this one are added; may be null. Not for a predicate
    //! that answers differently from time to time.
    Memo* known{nullptr};
    std::span<const Pass> passes{}; //!< instead of all
};

struct Minimized {
    program::Program program; //!< fails; valid
    size_t reruns{0};
    bool complete{true}; //!< false where reruns, time or stop ended it before the passes did
};

//! Make a failing program as small as the passes can, by Measure (triage/size.h).
//!
//! Deterministic if the predicate is and neither time nor stop ends it. No candidate is run twice (two are the same
//! when their text is). If complete, no pass finds anything more to take away; in particular, removing any one step
//! (and what depends on it) makes the program pass.
//!
//! @param program  Valid, and taken to fail: it is not run itself.
Minimized Minimize(const schema::Schema& schema, const program::Program& program, const StillFails& still_fails,
                   const MinimizeLimits& limits = {});

//! One way of making programs smaller.
struct Pass {
    std::string_view name;
    //! Tries candidates until it has no more; see Search.
    void (*reduce)(Search& search);
};

//! The only list of passes, in the order in which they are tried; all start again until none helps.
std::span<const Pass> Passes();

} // namespace mpfuzz::triage
