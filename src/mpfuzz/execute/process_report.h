#pragma once

#include <mpfuzz/trace/trace.h>

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string>

//! What can be learnt of another process from outside: its log, its use of the system, its stacks.
namespace mpfuzz::execute {

//! Normal length of a log tail: enough for a sanitizer's report with its stacks in most programs.
inline constexpr size_t LOG_TAIL_BYTES{64 * 1024};

//! Template names can be so long that a stack of 256 frames needs more than LOG_TAIL_BYTES. A guess; the longest report
//! seen had 300 KiB.
inline constexpr size_t LONGEST_REPORT_BYTES{1024 * 1024};

//! The end of a log. It begins at the last sanitizer report if that is longer than LOG_TAIL_BYTES, and is otherwise
//! LOG_TAIL_BYTES long.
//!
//! @return At most LONGEST_REPORT_BYTES; empty if the file cannot be read.
std::string LogTailOf(const std::string& path);

//! What a process uses, from /proc; nullopt if it has ended. Cost: some 50 us.
std::optional<trace::Usage> UsageOf(pid_t pid);

//! One line for each thread: its name, its state, the kernel function in which it waits and its system call, as far as
//! the kernel tells. Empty if the process has ended.
std::string WaitsOf(pid_t pid);

//! Stacks of all threads of a live process, from gdb. The process is stopped meanwhile, for at most 20 seconds.
//!
//! @param directory  Existing and writable; holds gdb's output for a moment.
//! @return gdb's output; empty if gdb is not installed.
std::string StacksOfProcess(pid_t pid, const std::string& directory);

//! Stack of the thread that a signal ended, from the core file that the kernel left in `directory`. Takes at most
//! 20 seconds.
//!
//! @return Empty if there is no core file (see /proc/sys/kernel/core_pattern) or gdb is not installed.
std::string StackOfCore(const std::string& program, const std::string& directory);

} // namespace mpfuzz::execute
