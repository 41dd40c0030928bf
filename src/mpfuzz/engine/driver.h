#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/engine/finding_recorder.h>
#include <mpfuzz/execute/target.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace mpfuzz::engine {

//! A program that comes with the target and tests it without mpfuzz's programs. It is run again and again, each time
//! with the next seed.
struct Driver {
    std::string name; //!< in target.toml
    //! Program and arguments. `{seed}` is replaced by a number, and `{socket}` by the path of the socket of a new
    //! target process. If `{socket}` does not occur, no target is started. Each run has an empty work directory.
    std::vector<std::string> command;
    //! If a run takes longer, the driver hangs: see DRIVER.
    std::chrono::milliseconds limit{600'000};
};

//! True if `{socket}` occurs in its command.
bool NeedsTarget(const Driver& driver);

struct DriverOptions {
    uint64_t seed{1};               //!< of the first run
    std::optional<uint64_t> runs{}; //!< maximum number of runs
    std::optional<std::chrono::milliseconds> time{};
    std::optional<uint64_t> max_findings{}; //!< maximum number of different findings that can be reproduced
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
    std::vector<FindingReport> findings; //!< the different findings
};

//! A line of a driver's output that begins with this text reports a bug. The rest of the line is the title of the
//! finding.
inline constexpr std::string_view DRIVER_TITLE_PREFIX{"wrong: "};

//! The kind of a finding that a driver reports itself: it prints a line that begins with DRIVER_TITLE_PREFIX, and its
//! exit status is not 0. If the driver fails without such a line, or if the target dies, the kind is `crash`. If the
//! driver does not end in time, the kind is `no-reply`.
inline constexpr std::string_view DRIVER{"driver"};

//! Run a driver until a limit in the options or `stop` ends it. Each new finding is replayed with its own seed.
//!
//! @param target  Restarted before each run if possible; not used if the command has no `{socket}`.
//! @return An error if the driver or the target cannot be started, or if a finding cannot be stored.
base::Result<DriverResult> RunDriver(const Driver& driver, execute::Target& target, const DriverOptions& options,
                                     const DriverObserver& observer);

} // namespace mpfuzz::engine
