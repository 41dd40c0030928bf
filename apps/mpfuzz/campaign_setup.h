#pragma once

#include <apps/common/wiring.h>
#include <apps/mpfuzz/command.h>
#include <mpfuzz/engine/driver.h>
#include <mpfuzz/engine/triage_runner.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mpfuzz::apps {

// What the commands that run programs on a target share.

//! LoadSetup for a command that runs programs on the target. Warns if mpfuzz did not start the target.
base::Result<Setup> LoadLiveSetup(const std::string& target_toml, const std::vector<std::string>& only = {});

//! The fields that all findings of a campaign share.
triage::Record MakeBlueprint(const Setup& setup, const std::string& target, uint64_t seed,
                             const Invocation& invocation);

//! A driver of the target. The error names similar ones.
//!
//! @param extra  Words for the command line of the target, or of the driver if it needs no target.
base::Result<engine::Driver> FindDriver(const Setup& setup, const std::string& name,
                                        const std::vector<std::string>& extra);

//! Makes the second target of a difference from its target.toml: with the schema and the rules of the first, because
//! both have to run the same programs.
base::Result<Setup> LoadSecond(const Setup& first, const std::string& target_toml);

//! Number of programs after which two targets that are compared are restarted. A program may leave them in different
//! states; then all later programs show a difference.
inline constexpr uint32_t RESTART_EVERY{100};

//! Runs findings of all kinds again, those of programs, of two targets and of drivers. Starts only what it needs.
//!
//! Borrows the setup.
//! @param words  Words for the command line of the target; of the second one, if two are compared.
std::unique_ptr<engine::TriageRunner> MakeAnyRunner(const Setup& setup, std::vector<std::string> words,
                                                    std::function<bool()> stop);

} // namespace mpfuzz::apps
