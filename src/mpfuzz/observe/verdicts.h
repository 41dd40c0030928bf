#pragma once

#include <mpfuzz/observe/oracles.h>

//! The oracles by name, for their table and their tests. Each returns titles, as Oracle::judge does.
namespace mpfuzz::observe {

std::vector<std::string> JudgeCrash(const Case& run);
std::vector<std::string> JudgeUnresponsive(const Case& run);
std::vector<std::string> JudgeNoReply(const Case& run);
std::vector<std::string> JudgeUnkillable(const Case& run);
std::vector<std::string> JudgeCanary(const Case& run);
std::vector<std::string> JudgeProtocol(const Case& run);
std::vector<std::string> JudgeResources(const Case& run);
std::vector<std::string> JudgePostconditions(const Case& run);
std::vector<std::string> JudgeOrder(const Case& run);

} // namespace mpfuzz::observe
