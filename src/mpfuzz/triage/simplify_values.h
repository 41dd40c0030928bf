#pragma once

#include <mpfuzz/triage/minimize.h>

namespace mpfuzz::triage {

//! Makes arguments, hand-made messages and what served objects return smaller, from the outside in: fields are left
//! unset, lists lose elements, and numbers approach zero. Text, data and capabilities are the business of others.
void SimplifyValues(Search& search);

} // namespace mpfuzz::triage
