#pragma once

#include <string>
#include <string_view>
#include <vector>

//! Versions of the programs of a finding, for its report.
namespace mpfuzz::triage {

struct Environment {
    std::string mpfuzz;            //!< version and, if it was built in a git work tree, the commit at configure time
    std::string compiler;          //!< that compiled mpfuzz, such as `Debian Clang 14.0.6`
    std::string os;                //!< distribution, kernel and machine
    std::string target_build_id{}; //!< see BuildIdOf
    std::string target_version{};  //!< see FirstLineOf; empty if it is not known
};

//! The environment on this machine.
//! @param program  The target's program, as in its command line: looked up in PATH if it contains no slash. May be
//!                 empty.
Environment CollectEnvironment(std::string_view program);

//! The GNU build id of a program in hexadecimal, as `file` and gdb show it. It is the same for equal builds.
//!
//! Empty if the file cannot be read, has no build id, or is not a 64-bit ELF file in this machine's byte order. Reads
//! at most 16 MiB, also of a malformed file.
std::string BuildIdOf(const std::string& path);

//! The first line that a command prints. Waits for at most five seconds. Empty if the command fails.
//!
//! @param words  Not empty. The first one is looked up in PATH if it contains no slash.
std::string FirstLineOf(const std::vector<std::string>& words);

} // namespace mpfuzz::triage
