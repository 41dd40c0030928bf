#pragma once

#include <mpfuzz/triage/store.h>

//! The content of the files finding.json and reproduce.sh of a stored finding.
namespace mpfuzz::triage {

//! The content of a witness file.
std::string WitnessToJson(const Witness& witness);
//! The error says what is wrong with the text.
base::Result<Witness> WitnessFromJson(std::string_view text);

//! The text of finding.json. It has everything about a finding that is not in another file. It is indented and ends
//! with a newline. Bytes that are not UTF-8 are replaced.
std::string FindingToJson(const StoredFinding& finding);

//! Parses finding.json. The programs, the trace and the log stay empty. Ignores unknown members, so that later versions
//! can add some. The error says what is wrong, but does not name the file.
base::Result<StoredFinding> FindingFromJson(std::string_view json);

//! Quotes a word of a POSIX shell command, if it needs quotes.
std::string ShellQuote(std::string_view word);

//! Such as 00abcdef01234567.
std::string HashText(uint64_t hash);

//! The shell command that reproduces a finding in its directory.
std::string ReproduceCommand(const Record& record);

//! The text of reproduce.sh. The script replays the smallest program in its directory. It exits with 1 if the finding
//! shows again, with 0 if it does not, and with 125 if that cannot be tried: `git bisect run` skips a commit then.
//!
//! To use it on another machine, set `$MPFUZZ` to the mpfuzz program, and pass the target.toml as the first argument.
//! Further arguments are passed to `mpfuzz replay`.
std::string ReproduceScript(const Record& record);

} // namespace mpfuzz::triage
