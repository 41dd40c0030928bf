#pragma once

#include "targets/fuzz_interface/interface.h"
#include "targets/fuzz_interface/state.h"

#include <memory>

namespace mpfuzz::fuzz_interface {

//! The interface with those bugs that are on in the state.
std::unique_ptr<FuzzInterface> MakePlanted(std::shared_ptr<State> state);

} // namespace mpfuzz::fuzz_interface
