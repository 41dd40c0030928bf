#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/triage/environment.h>
#include <mpfuzz/triage/reproduce.h>

#include <cstdint>
#include <functional>
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
//!     trace.txt     what each step of the smallest program sent and received
//!     target.log    the end of the target's output (its log tail)
//!     witness-N.json  evidence from when the finding was seen (see Witness); removed after the investigation
//!     minimize.state  the candidates that the minimisation has tried (see Memo)
//!     report.md     all of this for people, to be sent as an issue (see ReportText)
//!     reproduce.sh  runs `mpfuzz replay` on the smallest program
//!
//! If a driver showed the finding, there is no program.mpf, minimal.mpf or trace.txt.
//!
//! A sub-directory is created with all its files or not at all, and each file is replaced as a whole. So nothing that
//! was stored is lost if the disk is full or a process is killed. Several processes may share one findings directory.
namespace mpfuzz::triage {

//! How far the investigation of a finding has come. The findings that are not DONE and not PARKED are the queue of
//! triage.
enum class Stage : uint8_t {
    REPLAY,   //!< to do: a few replays of the program
    SEARCH,   //!< to do: a longer search for a program that shows it, with the history
    MINIMIZE, //!< to do: make the program smaller
    DONE,     //!< nothing more to do
    PARKED,   //!< its investigation ended the triage worker too often; only the user can go on
};

//! `waiting`, `searching`, `minimizing`, `done` or `parked`.
std::string_view Name(Stage stage);

//! What the investigation of a finding has cost.
struct TriageCost {
    uint64_t target_starts{0};
    double seconds{0};
};

//! Evidence from a run that showed a finding, captured at once: what is needed to reproduce it.
struct Witness {
    std::string program; //!< text
    //! Texts of the last programs that the target ran, oldest first; the last one is `program`.
    std::vector<std::string> history{};
    //! Texts of the programs that may have left something behind: see Past::selections.
    std::vector<std::vector<std::string>> selections{};
};

//! Everything that is stored about a finding.
struct Record {
    Identity identity;
    Verdict verdict;
    std::string program; //!< text of the program; empty if a driver showed the finding
    std::string driver;  //!< name in target.toml of the driver that showed it; `seed` is then the seed of that run
    std::optional<std::string> minimal; //!< text of the minimised program
    std::string details;                //!< see observe::Problem
    std::string trace;                  //!< text that trace::Print made
    std::string target_log;
    uint64_t schema_hash{0};
    uint64_t seed{0};
    std::string time;                         //!< time of the finding, ISO 8601, such as 2026-01-31T23:59:59Z
    std::string target_toml;                  //!< path; made absolute when stored
    std::string other_toml;                   //!< path of the second target, if the kind is `differential`, else empty
    std::vector<std::string> extra_arguments; //!< words after `--`, appended to the target's command line
    std::vector<std::string> command_line;    //!< command line of mpfuzz
    Environment environment;                  //!< versions of mpfuzz, the system and the target
};

//! A finding that was read from its directory.
struct StoredFinding {
    Record record; //!< record.time is the time when the finding was first seen
    std::string directory;
    std::string last_seen; //!< ISO 8601
    uint64_t occurrences{1};
    size_t steps{0}; //!< of the smallest program
    Stage stage{Stage::REPLAY};
    TriageCost cost{};
    unsigned lost_workers{0}; //!< number of triage workers that died while they investigated it

    //! True if no investigation goes on with it.
    bool IsFinished() const { return stage == Stage::DONE || stage == Stage::PARKED; }
    //! Path of the smallest program: minimal.mpf if it exists, otherwise program.mpf.
    std::string SmallestProgramPath() const;
};

//! What is stored of a target's output: the log tail, and the stacks if there are any.
std::string LogOf(const trace::Ending& ending);

//! The current time, in the form of Record::time.
std::string Timestamp();

//! Name of a finding's sub-directory, such as `crash-0123456789abcdef`. The number is a hash of kind and title.
std::string DirectoryName(const Identity& identity);
//! The same, from the finding's digest: see DigestOf.
std::string DirectoryName(observe::FindingKind kind, uint64_t digest);

//! The number in the name, in binary form. Two findings of one campaign practically never have the same digest.
uint64_t DigestOf(const Identity& identity);

struct Saved {
    std::string directory;
    bool is_new{true}; //!< false: the finding was stored before; only one more occurrence was counted
};

//! Stores a finding with its first witness, or counts one more occurrence if it is already stored.
//!
//! @param findings  Directory of all findings. It is created with its parents if it is missing.
//! @param witness   nullptr if a driver showed the finding.
//! @return An error that names the path and the reason that the system gives, if a file cannot be written.
base::Result<Saved> Save(const std::string& findings, const Record& record, const Witness* witness);

//! Adds another witness to a stored finding, unless it has MAX_WITNESSES, and puts the finding back into the queue.
base::Status AddWitness(const std::string& directory, const Witness& witness);
inline constexpr size_t MAX_WITNESSES{4};

//! The latest witness; nullopt if there is none. The error says what is wrong with the file.
base::Result<std::optional<Witness>> LoadWitness(const std::string& directory);

//! True if another witness may help: the investigation is finished, and no program is known that always shows it.
bool WantsWitness(const StoredFinding& finding);

//! Removes the witnesses.
void RemoveWitnesses(const std::string& directory);

//! A program that shows a finding, and its run.
struct ShownProgram {
    std::string program;
    Verdict verdict;
    // Of a run that showed the finding. Empty: unknown; then the stored texts remain.
    std::string details{};
    std::string trace{};
    std::string target_log{};
};

//! Adds or replaces the minimal.mpf of a stored finding, and stores what belongs to it.
base::Status SaveMinimal(const std::string& directory, const ShownProgram& shown);

//! Writes report.md again from the other files.
base::Status WriteReport(const std::string& directory);

//! Reads finding.json, lets `change` change its members, and writes it again. Other processes wait meanwhile.
base::Status Update(const std::string& directory, const std::function<void(StoredFinding&)>& change);

//! Reads one finding with all its files. The error says which file is missing or wrong.
base::Result<StoredFinding> Load(const std::string& directory);

//! Reads only what is in finding.json.
base::Result<StoredFinding> LoadSummary(const std::string& directory);

//! True if the path is a directory with a finding.
bool IsFinding(const std::string& path);

//! The sub-directories of `findings` that contain a finding, sorted. Empty if `findings` does not exist.
std::vector<std::string> List(const std::string& findings);

} // namespace mpfuzz::triage
