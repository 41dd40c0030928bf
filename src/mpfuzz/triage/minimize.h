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

//! Returns true if a program still shows the finding that is being minimised ("fails"). It may run a program several
//! times if the finding is flaky.
using StillFails = std::function<bool(const program::Program&)>;

struct MinimizeProgress {
    std::string_view pass; //!< name of the current pass
    size_t reruns{0};      //!< so far
    size_t steps{0};       //!< of the smallest failing program so far
    size_t calls{0};       //!< among them
};

struct Pass;

struct MinimizeLimits {
    size_t max_reruns{1000};
    std::function<void(const MinimizeProgress&)> on_progress{}; //!< after every rerun; may be empty
    //! Since the start; nullopt for no limit. With a limit, the result depends on how fast the target is.
    std::optional<std::chrono::milliseconds> max_time{};
    std::function<bool()> stop{}; //!< asked before and after every rerun; may be empty
    //! Called at once with each smaller program that fails, so that the caller can store it; may be empty.
    std::function<void(const program::Program&)> on_smaller{};
    //! Candidates that passed in earlier runs; those of this run are added. May be null. Only for a predicate that is
    //! deterministic.
    Memo* known{nullptr};
    std::span<const Pass> passes{}; //!< empty: all
};

struct Minimized {
    program::Program program; //!< fails; valid
    size_t reruns{0};
    bool complete{true}; //!< false if max_reruns, max_time or stop ended it before the passes did
};

//! Make a failing program as small as the passes can, by Measure() (triage/size.h).
//!
//! Deterministic if the predicate is, unless max_time or stop ends it. No text is run twice. If the result is complete,
//! no pass finds a smaller program that fails; in particular, the program passes without any one of its steps (and
//! those that depend on it).
//!
//! @param program  Valid. It is assumed to fail, and is not run itself.
Minimized Minimize(const schema::Schema& schema, const program::Program& program, const StillFails& still_fails,
                   const MinimizeLimits& limits = {});

//! One way to make programs smaller.
struct Pass {
    std::string_view name;
    //! Tries candidates until it finds no smaller program; see Search.
    void (*reduce)(Search& search);
};

//! The table of all passes, in the order in which they run. They are repeated until none finds a smaller program.
std::span<const Pass> Passes();

} // namespace mpfuzz::triage
