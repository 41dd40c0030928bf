#pragma once

#include <mpfuzz/triage/store.h>

namespace mpfuzz::triage {

//! A word of a POSIX shell command that stands for exactly these bytes.
std::string ShellQuote(std::string_view word);

//! The text of reproduce.sh: replays the smallest program beside it. `$MPFUZZ` overrides the mpfuzz program, and
//! the first argument the target.toml, for another machine. Further arguments go to `mpfuzz replay`.
std::string ReproduceScript(const Record& record);

} // namespace mpfuzz::triage
