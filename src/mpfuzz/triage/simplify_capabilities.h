#pragma once

#include <mpfuzz/triage/minimize.h>

namespace mpfuzz::triage {

//! Makes programs depend on less: a step's results are taken from an earlier step of the same kind; capabilities in
//! arguments become null, or the earliest of their interface, as do the targets of calls; what served objects do
//! becomes less and plainer; data from answers becomes the plain default, or loses its edits; delays become shorter.
//! So that the steps that made them can go.
void SimplifyCapabilities(Search& search);

} // namespace mpfuzz::triage
