#pragma once

#include <mpfuzz/triage/minimize.h>

namespace mpfuzz::triage {

//! Makes texts, data, raw bytes and the messages of exceptions shorter, then plainer (`a` in text, 0 in data). At most
//! some hundred candidates for each, however long it is.
void SimplifyText(Search& search);

} // namespace mpfuzz::triage
