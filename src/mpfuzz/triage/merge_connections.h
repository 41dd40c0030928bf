#pragma once

#include <mpfuzz/triage/minimize.h>

namespace mpfuzz::triage {

//! Moves everything of one connection onto an earlier one, the last connection first; where the earlier one is closed
//! on the way, also without its closing. Each merger that is taken is a step less at least.
void MergeConnections(Search& search);

} // namespace mpfuzz::triage
