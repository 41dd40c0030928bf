#pragma once

#include <mpfuzz/triage/minimize.h>

namespace mpfuzz::triage {

//! Removes runs of steps, from the last to the first: half the program at a time, then a quarter, and so
//! on down to single steps, which are tried until none can go. Never proposes the empty program.
void RemoveSteps(Search& search);

} // namespace mpfuzz::triage
