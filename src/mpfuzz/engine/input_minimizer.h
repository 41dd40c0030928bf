#pragma once

#include <mpfuzz/engine/counters.h>
#include <mpfuzz/program/program.h>

#include <functional>
#include <optional>
#include <vector>

namespace mpfuzz::engine {

//! Run a program and say what it reached: COUNTERS bytes, valid until the next run; empty where it showed a finding.
using Probe = std::function<std::span<const uint8_t>(const program::Program&)>;

//! Of a program that reached something new, make the shortest that reaches it too, before it joins a corpus: what is
//! mutated later should be what mattered. As syzkaller triages its inputs.
//!
//! First the program is run again, and what does not come back (threads and event loops take turns as they like) is
//! forgotten; then steps are left out.
//!
//! @param news  What it was that it reached, not empty.
//! @return Nothing where none of it comes back. Cost: one run, and some two a step, at most 32.
std::optional<program::Program> MinimizeInput(const schema::Schema& schema, const program::Program& program,
                                              std::vector<Feature> news, const Probe& probe);

} // namespace mpfuzz::engine
