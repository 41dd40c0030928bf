#pragma once

#include <mpfuzz/triage/store.h>

//! Content of a stored finding's finding.json and reproduce.sh.
namespace mpfuzz::triage {

//! The text of finding.json: everything about a finding that has no file of its own. Indented, with a newline at the
//! end. Bytes that are not UTF-8 are replaced.
std::string FindingToJson(const StoredFinding& finding);

//! Read finding.json back. The programs, the trace and the log stay empty. Unknown members are ignored, so that later
//! versions can add some. The error says what is wrong, without naming the file.
base::Result<StoredFinding> FindingFromJson(std::string_view json);

//! Quote a word of a POSIX shell command, if it needs quotes.
std::string ShellQuote(std::string_view word);

//! The text of reproduce.sh: replays the smallest program beside it. For use on another machine, `$MPFUZZ` overrides
//! the mpfuzz program, and the first argument the target.toml. Further arguments are passed to `mpfuzz replay`.
std::string ReproduceScript(const Record& record);

} // namespace mpfuzz::triage
