#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/triage/reproduce.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

//! The findings directory: one sub-directory a finding, `<kind>-<title hash>`, that holds
//!
//!     title         the title, one line
//!     finding.json  everything below, and how often and when it was seen
//!     program.mpf   the program that showed it; neither this nor the next two where it was a driver (driver.h)
//!     minimal.mpf   the smallest program known to show it (where it has been minimised)
//!     trace.txt     what each step sent and got
//!     target.log    the target's last words
//!     minimize.state  what `mpfuzz minimize` has tried (see Memo), where it has
//!     reproduce.sh  runs `mpfuzz replay` on the smallest program
//!
//! A finding appears whole or not at all, and files are replaced whole: a full disk or a killed process
//! loses nothing that was there. Several processes may share one directory.
namespace mpfuzz::triage {

//! Everything that is kept of a finding.
struct Record {
    Identity identity;
    Verdict verdict;
    std::string program;                //!< text; empty where a driver showed it
    std::string driver;                 //!< its name in target.toml, where it is a driver's; `seed` is that of its run
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

//! A finding as it was read back.
struct StoredFinding {
    Record record; //!< record.time is that of the first sighting
    std::string directory;
    std::string last_seen; //!< ISO 8601
    uint64_t occurrences{1};

    //! Path of the smallest program: minimal.mpf where there is one, else program.mpf.
    std::string SmallestProgramPath() const;
};

//! Now, as Record::time has it.
std::string Timestamp();

//! Name of a finding's sub-directory, such as `crash-0123456789abcdef`. The hash is of kind and title.
std::string DirectoryName(const Identity& identity);

//! Count one more sighting of a finding that is already stored.
//!
//! @return How often it has been seen, this time included; 0 where it is not stored (nothing is written then).
base::Result<uint64_t> CountFindingReport(const std::string& findings, const Identity& identity, std::string_view time);

struct Saved {
    std::string directory;
    uint64_t occurrences{1}; //!< 1: it is new
};

//! Store a finding, or count a sighting where it is stored already.
//!
//! @param findings  Directory of all findings; made with its parents where missing.
//! @return An error that names the path and the system's reason where it cannot be written.
base::Result<Saved> Save(const std::string& findings, const Record& record);

//! Add or replace a stored finding's minimal.mpf, with the verdict on it.
base::Status SaveMinimal(const std::string& directory, std::string_view program, const Verdict& verdict);

//! Read one finding. The error says which file is missing or wrong.
base::Result<StoredFinding> Load(const std::string& directory);

//! True for a directory that holds a finding: how `replay` tells it from a program.
bool IsFinding(const std::string& path);

//! Sub-directories of `findings` that hold a finding, sorted; none where it does not exist.
std::vector<std::string> List(const std::string& findings);

} // namespace mpfuzz::triage
