#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/engine/triage_runner.h>
#include <mpfuzz/engine/worker.h>
#include <mpfuzz/execute/process.h>

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
    //! If a run takes longer, the driver hangs.
    std::chrono::milliseconds limit{600'000};
};

//! True if `{socket}` occurs in its command.
bool NeedsTarget(const Driver& driver);

//! A line of a driver's output that begins with this text reports a bug. The rest of the line is the title of the
//! finding.
inline constexpr std::string_view DRIVER_TITLE_PREFIX{"wrong: "};

//! Runs a driver, each time with a new target process if it needs one.
//!
//! The kind of a finding is `driver` if the driver's exit status is not 0 and it prints a line that begins with
//! DRIVER_TITLE_PREFIX. If it fails without such a line, or if the target dies, the kind is `crash`. If it does not end
//! in time, the kind is `no-reply`.
class DriverRunner final : public TriageRunner
{
public:
    //! How a run ended. Without an identity the run showed no finding.
    struct Ending {
        std::optional<observe::Identity> identity{};
        std::string log{}; //!< output of the driver, and the log tail of the target if that died
    };

    //! Borrows what the spec borrows. Starts nothing.
    //!
    //! @param stop  Returns true if a run has to end early. The ending then means nothing.
    DriverRunner(Driver driver, const TargetSpec& spec, std::function<bool()> stop);

    //! Run the driver once. An error means that the driver or the target cannot be started.
    base::Result<Ending> Run(uint64_t seed);

    Findings RunFresh(const triage::StoredFinding& finding, const program::Program& program) override;
    uint64_t TargetStarts() const override { return m_starts; }

    const std::string& Name() const { return m_driver.name; }

private:
    std::vector<std::string> Command(uint64_t seed);
    std::optional<execute::Exit> Await(execute::Process& process);
    Ending Judge(const std::optional<execute::Exit>& exit, std::string log);
    std::optional<execute::Exit> AwaitDeath();

    Driver m_driver;
    LiveTarget m_live;
    std::function<bool()> m_stop;
    bool m_needs_target;
    uint64_t m_starts{0};
};

//! Run a driver with one seed after the other, from the context's seed on, until the context ends the process.
[[noreturn]] void FuzzDriver(WorkerContext& context, DriverRunner& runner);

} // namespace mpfuzz::engine
