#pragma once

#include <apps/common/wiring.h>
#include <mpfuzz/engine/driver.h>

#include <string>
#include <vector>

namespace mpfuzz::apps {

//! `mpfuzz run --driver`: run a driver of target.toml's, and tell on the terminal.
//! @param extra    Words for the target's command line, or where the driver needs none, for its own.
//! @param options  All but the scratch directory.
//! @return An exit status.
int RunWithDriver(const Setup& setup, const std::string& name, const std::vector<std::string>& extra,
                  engine::DriverOptions options);

} // namespace mpfuzz::apps
