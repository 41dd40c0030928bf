#pragma once

#include <mpfuzz/triage/search.h>

//! The passes of the minimiser. Each tries smaller programs until it finds no more; minimize.cpp has the table.
namespace mpfuzz::triage {

//! Removes steps from the last to the first: half the program at a time, then a quarter, and so on down to single
//! steps, which are tried until none can be removed. Never tries the empty program.
void RemoveSteps(Search& search);

//! Moves all steps of one connection onto an earlier one, the last connection first. If the earlier connection is
//! closed in between, the pass first tries without the steps that close it. Each merger removes at least one step.
void MergeConnections(Search& search);

//! Makes steps depend on fewer others, so that RemoveSteps can remove those: takes a result from an earlier step of the
//! same kind; replaces capabilities in arguments by null, or by the earliest of their interface, and so the targets
//! of calls; removes and simplifies reactions of served objects; replaces data from answers by the default, or drops
//! its edits. Also shortens delays.
void SimplifyCapabilities(Search& search);

//! Makes arguments, hand-made messages and results of served objects smaller, from the outside in: unsets fields,
//! removes elements of lists, and brings numbers nearer to zero. Does not change texts, data and capabilities.
void SimplifyValues(Search& search);

//! Makes texts, data, raw bytes and the messages of exceptions shorter, then plainer (`a` in text, 0 in data). At most
//! some hundred candidates for each, however long it is.
void SimplifyText(Search& search);

} // namespace mpfuzz::triage
