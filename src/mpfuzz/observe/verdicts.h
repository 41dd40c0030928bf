#pragma once

#include <mpfuzz/observe/oracles.h>

//! The oracles by name, for their table and their tests. Each returns titles, as Oracle::judge does.
namespace mpfuzz::observe {

std::vector<std::string> JudgeCrash(const Case& run);
std::vector<std::string> JudgeUnresponsive(const Case& run);
std::vector<std::string> JudgeNoReply(const Case& run);

} // namespace mpfuzz::observe
