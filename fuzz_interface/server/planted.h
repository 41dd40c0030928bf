#pragma once

#include <fuzz_interface/interface/interface.h>
#include <fuzz_interface/server/state.h>

#include <memory>

namespace mpfuzz::fuzz_interface {

//! The interface with the bugs that are switched on in the state.
std::unique_ptr<FuzzInterface> MakePlanted(std::shared_ptr<State> state);

} // namespace mpfuzz::fuzz_interface
