#pragma once

#include <mpfuzz/program/program.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace mpfuzz::triage {

//! True where a program still shows the finding that is being minimised. Whoever passes it decides how
//! often a flaky finding is tried.
using StillFails = std::function<bool(const program::Program&)>;

struct MinimizeProgress {
    std::string_view pass; //!< name of the pass at work
    size_t reruns{0};      //!< so far
    size_t steps{0};       //!< of the smallest failing program so far
};

struct MinimizeLimits {
    size_t max_reruns{1000};
    std::function<void(const MinimizeProgress&)> on_progress; //!< after every rerun; may be empty
};

struct Minimized {
    program::Program program; //!< fails; valid
    size_t reruns{0};
    bool complete{true}; //!< false where the budget ran out before the passes did
};

//! Make a failing program as small as the passes can.
//!
//! Deterministic if the predicate is. No candidate is run twice (two are the same when their text is).
//! If complete, removing any one step (and what depends on it) makes the program pass.
//!
//! @param program  Valid, and taken to fail: it is not run itself.
Minimized Minimize(const schema::Schema& schema, const program::Program& program, const StillFails& still_fails,
                   const MinimizeLimits& limits = {});

//! One walk over the candidates of a pass, told after each whether the candidate was taken.
class Reduction
{
public:
    virtual ~Reduction() = default;
    //! The next candidate, smaller than `current` and valid; nothing where the walk is over.
    virtual std::optional<program::Program> Next(const program::Program& current) = 0;
    //! Whether the last candidate still fails: if so, it is the next call's `current`.
    virtual void Judged(bool taken) = 0;
};

//! One way of making programs smaller.
struct Pass {
    std::string_view name;
    std::unique_ptr<Reduction> (*start)(const schema::Schema& schema);
};

//! The only list of passes, in the order in which they are tried; all start again until none helps.
std::span<const Pass> Passes();

} // namespace mpfuzz::triage
