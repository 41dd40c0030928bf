#pragma once

#include <mpfuzz/trace/trace.h>

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string>

//! Information about another process: its log, its use of resources, and its stacks.
namespace mpfuzz::execute {

//! Normal length of a log tail: enough for a sanitizer's report with its stacks in most programs.
inline constexpr size_t LOG_TAIL_BYTES{64 * 1024};

//! Maximum length of a log tail that contains a long report: with long template names, a stack of 256 frames needs more
//! than LOG_TAIL_BYTES. A guess; the longest report seen had 300 KiB.
inline constexpr size_t LONGEST_REPORT_BYTES{1024 * 1024};

//! The last LOG_TAIL_BYTES of a log. If the last sanitizer report begins earlier, everything from its beginning.
//!
//! @return At most LONGEST_REPORT_BYTES; empty if the file cannot be read.
std::string LogTailOf(const std::string& path);

//! What a process uses, from /proc; nullopt if it has ended. Cost: about 50 us.
std::optional<trace::Usage> UsageOf(pid_t pid);

//! One line for each thread: its name, its state, the kernel function in which it waits, and its system call. Leaves
//! out what the kernel does not report. Empty if the process has ended.
std::string WaitsOf(pid_t pid);

//! Stacks of all threads of a live process, from gdb. gdb stops the process for at most 20 seconds.
//!
//! @param directory  Existing and writable. gdb's output is stored there until it is read.
//! @return gdb's output; empty if gdb is not installed.
std::string StacksOfProcess(pid_t pid, const std::string& directory);

//! Stack of the thread that a signal ended, from the core file that the kernel left in `directory`. Takes at most
//! 20 seconds.
//!
//! @return Empty if there is no core file (see /proc/sys/kernel/core_pattern) or gdb is not installed.
std::string StackOfCore(const std::string& program, const std::string& directory);

} // namespace mpfuzz::execute
