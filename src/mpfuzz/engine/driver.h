#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/engine/finding_recorder.h>
#include <mpfuzz/execute/target.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace mpfuzz::engine {

//! A program of the target's own that drives it, or what belongs to it, without ours: run again and again, each time
//! with the next seed.
struct Driver {
    std::string name; //!< in target.toml
    //! Program and arguments. `{seed}` is replaced by a number, `{socket}` by the path at which a fresh target listens;
    //! where that does not occur, no target is started. The work directory is one that goes with the run.
    std::vector<std::string> command;
    //! Whoever takes longer hangs.
    std::chrono::milliseconds limit{600'000};
};

//! True where `{socket}` occurs in its command.
bool NeedsTarget(const Driver& driver);

struct DriverOptions {
    uint64_t seed{1};               //!< of the first run
    std::optional<uint64_t> runs{}; //!< how many, at most
    std::optional<std::chrono::milliseconds> time{};
    std::optional<uint64_t> max_findings{}; //!< distinct ones that come back
    FindingRecorderOptions keeping;         //!< where findings go; `stop` ends the campaign
    std::string scratch;                    //!< existing directory for work directories
};

struct DriverObserver {
    std::function<void(uint64_t runs, std::chrono::milliseconds elapsed)> on_run;
    std::function<void(const FindingReport&)> on_finding;
};

struct DriverResult {
    uint64_t runs{0};
    std::chrono::milliseconds elapsed{0};
    std::vector<FindingReport> findings; //!< distinct ones
};

//! What a driver's last words begin a line with that says what is wrong; the rest of the line is a finding's title.
inline constexpr std::string_view DRIVER_SAYS{"wrong: "};

//! The kind of a finding that a driver tells by itself, by a line that begins with DRIVER_SAYS and an exit status other
//! than 0. All else that ends it, and the target's death, are a `crash`; that it does not end is `no-reply`.
inline constexpr std::string_view DRIVER{"driver"};

//! Run a driver until time, runs, findings or `stop` end it; replay each new finding with its own seed.
//!
//! @param target  A fresh process for each run, where it can be restarted; unused where the command has no `{socket}`.
//! @return An error where driver or target cannot be started, or a finding not be stored.
base::Result<DriverResult> RunDriver(const Driver& driver, execute::Target& target, const DriverOptions& options,
                                     const DriverObserver& observer);

} // namespace mpfuzz::engine
