#pragma once

#include <mpfuzz/observe/finding.h>

#include <string>
#include <vector>

//! For tests.
namespace mpfuzz::observe {

inline std::vector<std::string> TitlesOf(const std::vector<Problem>& problems)
{
    std::vector<std::string> titles;
    for (const Problem& problem : problems) titles.push_back(problem.title);
    return titles;
}

} // namespace mpfuzz::observe
