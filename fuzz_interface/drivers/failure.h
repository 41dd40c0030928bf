#pragma once

#include <string>

namespace mpfuzz::fuzz_interface {

//! What a driver saw that must not be: one readable text, with what led there. Its first line is the same for whatever
//! has the same cause.
struct Failure {
    std::string text;
};

} // namespace mpfuzz::fuzz_interface
