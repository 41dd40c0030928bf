#pragma once

#include <mpfuzz/trace/trace.h>

#include <sys/types.h>

#include <optional>
#include <string>

namespace mpfuzz::execute {

//! What a process takes, from /proc; nothing where it has ended. Cost: some 50 us.
std::optional<trace::Usage> UsageOf(pid_t pid);

//! One line a thread: its name, its state, the kernel function that it waits in and its system call, as far as the
//! kernel tells. Empty where the process has ended.
std::string WaitsOf(pid_t pid);

} // namespace mpfuzz::execute
