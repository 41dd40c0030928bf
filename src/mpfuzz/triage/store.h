#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/triage/reproduce.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

//! The findings directory. It has one sub-directory for each finding, `<kind>-<title hash>`, with these files:
//!
//!     title         the title, one line
//!     finding.json  the other members of Record, and how often and when the finding was seen
//!     program.mpf   the program that showed it; if a driver showed it, there is no program, minimal.mpf or trace
//!     minimal.mpf   the smallest program known to show it (if it has been minimised)
//!     trace.txt     what each step sent and got
//!     target.log    the end of the target's output (its log tail)
//!     minimize.state  the candidates that `mpfuzz minimize` has tried (see Memo)
//!     reproduce.sh  runs `mpfuzz replay` on the smallest program
//!
//! A directory appears with all its files or not at all, and files are replaced whole: a full disk or a killed process
//! loses nothing that was stored. Several processes may share one findings directory.
namespace mpfuzz::triage {

//! All that is stored of a finding.
struct Record {
    Identity identity;
    Verdict verdict;
    std::string program; //!< text; empty if a driver showed it
    std::string driver;  //!< the name of the driver that showed it, in target.toml; `seed` is then that of its run
    std::optional<std::string> minimal; //!< text
    std::string trace;                  //!< trace::Print
    std::string target_log;
    uint64_t schema_hash{0};
    uint64_t seed{0};
    std::string time;                         //!< now, ISO 8601, such as 2026-01-31T23:59:59Z
    std::string target_toml;                  //!< path; made absolute when stored
    std::string other_toml;                   //!< `differential`: the second target's path, made absolute; else empty
    std::vector<std::string> extra_arguments; //!< words after `--`, appended to the target's command line
    std::vector<std::string> command_line;    //!< of mpfuzz
    std::string version;                      //!< of mpfuzz
};

//! A finding that was read from its directory.
struct StoredFinding {
    Record record; //!< record.time is when it was first seen
    std::string directory;
    std::string last_seen; //!< ISO 8601
    uint64_t occurrences{1};

    //! Path of the smallest program: minimal.mpf if it exists, otherwise program.mpf.
    std::string SmallestProgramPath() const;
};

//! The current time, in the form of Record::time.
std::string Timestamp();

//! Name of a finding's sub-directory, such as `crash-0123456789abcdef`. The hash is of kind and title.
std::string DirectoryName(const Identity& identity);

//! Count one more report of a finding that is already stored.
//!
//! @return How often it has been reported, including this time; 0 if it is not stored (nothing is written then).
base::Result<uint64_t> CountFindingReport(const std::string& findings, const Identity& identity, std::string_view time);

struct Saved {
    std::string directory;
    uint64_t occurrences{1}; //!< 1: it is new
};

//! Store a finding, or count one more report if it is already stored.
//!
//! @param findings  Directory of all findings. Created with its parents if missing.
//! @return An error that names the path and the reason given by the system, if it cannot be written.
base::Result<Saved> Save(const std::string& findings, const Record& record);

//! Add or replace a stored finding's minimal.mpf, and store its verdict.
base::Status SaveMinimal(const std::string& directory, std::string_view program, const Verdict& verdict);

//! Read one finding. The error says which file is missing or wrong.
base::Result<StoredFinding> Load(const std::string& directory);

//! True if the path is a directory with a finding.
bool IsFinding(const std::string& path);

//! Sub-directories of `findings` with a finding, sorted. Empty if `findings` does not exist.
std::vector<std::string> List(const std::string& findings);

} // namespace mpfuzz::triage
