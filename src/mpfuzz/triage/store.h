#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/triage/reproduce.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

//! The findings directory. It has a sub-directory `<kind>-<title hash>` for each finding, with these files:
//!
//!     title         the title, one line
//!     finding.json  the other members of Record, and how often and when the finding was seen
//!     program.mpf   the program that showed it
//!     minimal.mpf   the smallest program known to show it (if it has been minimised)
//!     trace.txt     what each step sent and received
//!     target.log    the end of the target's output (its log tail)
//!     minimize.state  the candidates that `mpfuzz minimize` has tried (see Memo)
//!     reproduce.sh  runs `mpfuzz replay` on the smallest program
//!
//! If a driver showed the finding, there is no program.mpf, minimal.mpf or trace.txt.
//!
//! A sub-directory is created with all its files or not at all, and each file is replaced as a whole. So nothing that
//! was stored is lost if the disk is full or a process is killed. Several processes may share one findings directory.
namespace mpfuzz::triage {

//! Everything that is stored about a finding.
struct Record {
    Identity identity;
    Verdict verdict;
    std::string program; //!< text of the program; empty if a driver showed the finding
    std::string driver;  //!< name in target.toml of the driver that showed it; `seed` is then the seed of that run
    std::optional<std::string> minimal; //!< text of the minimised program
    std::string trace;                  //!< text that trace::Print made
    std::string target_log;
    uint64_t schema_hash{0};
    uint64_t seed{0};
    std::string time;                         //!< time of the finding, ISO 8601, such as 2026-01-31T23:59:59Z
    std::string target_toml;                  //!< path; made absolute when stored
    std::string other_toml;                   //!< path of the second target, if the kind is `differential`, else empty
    std::vector<std::string> extra_arguments; //!< words after `--`, appended to the target's command line
    std::vector<std::string> command_line;    //!< command line of mpfuzz
    std::string version;                      //!< version of mpfuzz
};

//! A finding that was read from its directory.
struct StoredFinding {
    Record record; //!< record.time is the time when the finding was first seen
    std::string directory;
    std::string last_seen; //!< ISO 8601
    uint64_t occurrences{1};

    //! Path of the smallest program: minimal.mpf if it exists, otherwise program.mpf.
    std::string SmallestProgramPath() const;
};

//! The current time, in the form of Record::time.
std::string Timestamp();

//! Name of a finding's sub-directory, such as `crash-0123456789abcdef`. The number is a hash of kind and title.
std::string DirectoryName(const Identity& identity);

//! Counts one more report of a finding that is already stored.
//!
//! @return How often the finding has been reported, including this time. 0 if it is not stored: nothing is written
//! then.
base::Result<uint64_t> CountFindingReport(const std::string& findings, const Identity& identity, std::string_view time);

struct Saved {
    std::string directory;
    uint64_t occurrences{1}; //!< 1 if the finding is new
};

//! Stores a finding, or counts one more report if it is already stored.
//!
//! @param findings  Directory of all findings. It is created with its parents if it is missing.
//! @return An error that names the path and the reason that the system gives, if a file cannot be written.
base::Result<Saved> Save(const std::string& findings, const Record& record);

//! Adds or replaces the minimal.mpf of a stored finding, and stores the verdict of that program.
base::Status SaveMinimal(const std::string& directory, std::string_view program, const Verdict& verdict);

//! Reads one finding. The error says which file is missing or wrong.
base::Result<StoredFinding> Load(const std::string& directory);

//! True if the path is a directory with a finding.
bool IsFinding(const std::string& path);

//! The sub-directories of `findings` that contain a finding, sorted. Empty if `findings` does not exist.
std::vector<std::string> List(const std::string& findings);

} // namespace mpfuzz::triage
