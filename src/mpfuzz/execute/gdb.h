#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

namespace mpfuzz::execute {

//! Stacks of all threads of a live process. Stops it for as long as that takes.
//!
//! @param directory  Existing, ours, writable: where gdb's output is kept meanwhile.
//! @return gdb's words; empty where gdb is not installed. At most 20 seconds.
std::string StacksOfProcess(pid_t pid, const std::string& directory);

//! The stack of the thread that died, from the core file that the kernel left in `directory`, where it
//! does so (/proc/sys/kernel/core_pattern without a pipe) and gdb is installed; else empty. At most 20 seconds.
std::string StackOfCore(const std::string& program, const std::string& directory);

} // namespace mpfuzz::execute
