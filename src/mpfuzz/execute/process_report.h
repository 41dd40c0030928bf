#pragma once

#include <mpfuzz/trace/trace.h>

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

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

//! Maximum size of a log on disk.
inline constexpr uint64_t MAX_LOG_BYTES{64 << 20};

//! If a log uses more than `limit` bytes on disk, frees its middle. Its first half of `limit` and its last quarter
//! stay, at their positions. If the filesystem cannot free parts of a file, empties the log. The process may go on
//! writing to it. Does nothing if there is no such file.
//!
//! Cost if the log is not too long: one system call.
void LimitLog(const std::string& path, uint64_t limit = MAX_LOG_BYTES);

//! What a process uses, from /proc; nullopt if it has ended. Cost: about 50 us.
std::optional<trace::Usage> UsageOf(pid_t pid);

//! The memory, in KiB, that the runtime of a sanitizer may keep although the process has freed it.
//!
//! AddressSanitizer keeps freed blocks in its quarantine, up to `quarantine_size_mb` (default: 256 MiB). The result is
//! twice that, because the blocks' redzones, their shadow and the stacks of their allocations need memory too. The
//! factor is a guess. The runtimes of ThreadSanitizer and MemorySanitizer also keep memory; they are treated alike.
//! UndefinedBehaviorSanitizer alone keeps none.
//!
//! @param maps         Content of /proc/PID/maps.
//! @param environment  Content of /proc/PID/environ.
//! @return 0 if the process has no such sanitizer.
uint64_t SanitizerKib(std::string_view maps, std::string_view environment);
//! The same for a process. 0 if it has ended.
uint64_t SanitizerKibOf(pid_t pid);

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
