#pragma once

#include <mpfuzz/triage/search.h>

//! The passes of the minimiser. Each pass tries smaller programs until it finds no smaller one that fails. The table of
//! passes is in minimize.cpp.
namespace mpfuzz::triage {

//! Removes steps, from the last to the first: half of the program at a time, then a quarter, and so on down to single
//! steps. Single steps are tried until none can be removed. Never tries the empty program.
void RemoveSteps(Search& search);

//! Moves all steps of one connection to an earlier connection, beginning with the last connection. If a step closes the
//! earlier connection, the pass first tries to remove that step. Each merge removes at least one step.
void MergeConnections(Search& search);

//! Makes steps depend on fewer other steps, so that RemoveSteps can remove those:
//!
//! - replaces a step by an earlier one that makes the same kind of result;
//! - replaces capabilities in arguments by null, and them and the targets of calls by the earliest of their interface;
//! - removes and simplifies reactions of served objects;
//! - replaces data from answers by the default, or removes the edits of the data.
//!
//! Also shortens delays.
void SimplifyCapabilities(Search& search);

//! Makes arguments, raw messages and results of served objects smaller, outer values before inner ones: unsets fields,
//! removes elements of lists, and moves numbers nearer to zero. Does not change texts, data and capabilities.
void SimplifyValues(Search& search);

//! Makes texts, data, raw bytes and the messages of exceptions shorter, then replaces their bytes by the simplest one
//! (`a` in text, 0 in data). Tries at most a few hundred candidates for each, even if it is very long.
void SimplifyText(Search& search);

} // namespace mpfuzz::triage
