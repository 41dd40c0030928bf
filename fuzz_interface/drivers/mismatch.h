// What a driver reports.
#pragma once

#include <string>

namespace mpfuzz::fuzz_interface {

//! A call that did not do what it should. All values as Show prints them, whole.
struct Mismatch {
    std::string method;
    std::string argument;
    std::string expected;
    std::string got;
};

//! A few lines, the first of which is the same for every mismatch of a method. Long values are cut to a part, around
//! where what was expected and what came first differ.
std::string ToText(const Mismatch& mismatch);

} // namespace mpfuzz::fuzz_interface
