#pragma once

#include <utility>

namespace mpfuzz::fuzz_interface {

//! Both ends of a stream socket, close-on-exec and the caller's to close.
std::pair<int, int> SocketPair();

} // namespace mpfuzz::fuzz_interface
