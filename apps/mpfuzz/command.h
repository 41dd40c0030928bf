#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/program/program.h>
#include <mpfuzz/schema/schema.h>
#include <mpfuzz/triage/store.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mpfuzz::apps {

//! Exit statuses of every command.
inline constexpr int EXIT_NOTHING_FOUND{0};
inline constexpr int EXIT_FINDINGS{1};
inline constexpr int EXIT_USER_MISTAKE{2};
// 3 is base::EXIT_OWN_BUG.
inline constexpr int EXIT_OTHER_FINDINGS{4}; //!< replay: not the expected finding

//! What main gives to every command.
struct Invocation {
    std::vector<std::string> words; //!< the whole command line
    std::vector<std::string> extra; //!< words after `--`, for the target
    std::function<int()> chosen;    //!< runs the command that the user named
};

// The commands, in the order of `mpfuzz --help`, each with its options. command_line.cpp documents the options. Each
// returns its exit status.

struct SchemaOptions {
    std::vector<std::string> files;
    std::vector<std::string> import_paths;
    std::string main_interface;
    bool json{false};
};
int SchemaCommand(const SchemaOptions& options, const Invocation& invocation);

struct GenerateOptions {
    std::string target;
    uint64_t runs{1};
    uint64_t seed{1};
    std::vector<std::string> only;
};
int GenerateCommand(const GenerateOptions& options, const Invocation& invocation);

struct RunOptions {
    std::string target;
    std::string time;
    std::optional<uint64_t> runs;
    std::optional<uint64_t> max_findings;
    uint64_t seed{1};
    unsigned jobs{1};
    std::string guidance{"coverage"};
    std::string out{"out"};
    std::string corpus;
    std::vector<std::string> seeds; //!< directories
    std::string driver;
    std::vector<std::string> only;
    unsigned triage_share{25}; //!< percent
    std::string triage_time{"60s"};
    bool verbose{false};
    bool json{false};
};
int RunCommand(const RunOptions& options, const Invocation& invocation);

struct ReplayOptions {
    std::string target;
    std::string program;
    int times{5};
    bool json{false};
    std::string trace;  //!< `brief` or `full`; empty: no trace
    std::string expect; //!< `KIND: TITLE`; empty: the stored finding, or any
    bool trust{false};  //!< see TargetWords
};
int ReplayCommand(const ReplayOptions& options, const Invocation& invocation);

struct TriageOptions {
    std::string out;
    std::string target; //!< empty: the one that the findings name
    std::string time;
    unsigned jobs{1};
    bool trust{false}; //!< see TargetWords
    bool json{false};
};
int TriageCommand(const TriageOptions& options, const Invocation& invocation);

struct MinimizeOptions {
    std::string target;
    std::string finding;
    std::string time;
    std::optional<int> tries;
    bool trust{false}; //!< see TargetWords
    bool json{false};
};
int MinimizeCommand(const MinimizeOptions& options, const Invocation& invocation);

struct DiffOptions {
    std::string first;   //!< a target.toml
    std::string second;  //!< another target.toml, or the same one
    std::string program; //!< path; empty: generate programs
    bool trust{false};   //!< see TargetWords
    std::string time;
    std::optional<uint64_t> runs;
    std::optional<uint64_t> max_findings;
    uint64_t seed{1};
    std::string out{"out"};
    std::string triage_time{"60s"};
    bool json{false};
};
int DiffCommand(const DiffOptions& options, const Invocation& invocation);

struct FmtOptions {
    std::string target;
    std::vector<std::string> programs;
    bool lenient{false};
};
int FmtCommand(const FmtOptions& options, const Invocation& invocation);

struct DistillOptions {
    std::string target;
    std::string into;
    std::vector<std::string> from;
};
int DistillCommand(const DistillOptions& options, const Invocation& invocation);

struct BenchOptions {
    std::string target;
    std::string other;
    uint64_t seed{1};
    size_t calls{20};
    unsigned rounds{5};
    bool json{false};
};
int BenchCommand(const BenchOptions& options, const Invocation& invocation);

struct StubOptions {
    std::vector<std::string> files;
    std::vector<std::string> import_paths;
    std::string interface;
    std::string socket;
    std::string log;
    uint64_t seed{1};
    std::vector<std::string> faults;
    bool list_faults{false};
};
int StubCommand(const StubOptions& options, const Invocation& invocation);

struct ProxyOptions {
    std::string target;
    std::string listen;
    std::string connect;
    std::string record;
    std::vector<std::string> perturbations;
    uint64_t seed{1};
};
int ProxyCommand(const ProxyOptions& options, const Invocation& invocation);

//! Print `mpfuzz: MESSAGE` to standard error. @return EXIT_USER_MISTAKE.
int Complain(const std::string& message);

//! True if the words are one target.toml, or one directory with a target.toml, and not .capnp files.
bool NamesTarget(const std::vector<std::string>& files);

//! Read and parse the program in a file. The error names the file, and the line if the text is not valid.
base::Result<program::Program> ReadProgram(const schema::Schema& schema, const std::string& path);

//! A word as it would be typed in a shell. Bytes that are no printable ASCII are escaped, because a word of a stranger
//! could contain commands for the terminal.
std::string QuoteWord(const std::string& word);

//! The words to append to the target's command line for a stored finding: those that the user gave, otherwise those
//! with which it was found. A finding may come from a stranger, so its words are used only with `--trust`. Without it,
//! the error shows them.
base::Result<std::vector<std::string>> TargetWords(const triage::Record& record, const std::vector<std::string>& given,
                                                   bool trust);

//! Count Ctrl-C and SIGTERM, for commands that supervise other processes.
const std::atomic<int>& CountSignals();

//! The same for commands that do their work in this process. If the process has not ended a second after the first
//! signal, or at the second one, it ends at once.
const std::atomic<int>& HandleSignals();

//! Parse `500ms`, `30s`, `10m` or `2h`; a number without a unit is in seconds. Returns nullopt for any other text.
std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text);

//! The value of an option that is a time. An empty text gives nullopt. Other text that is not a time is an error.
base::Result<std::optional<std::chrono::milliseconds>> ReadTimeOption(const std::string& text,
                                                                      std::string_view option = "--time");

} // namespace mpfuzz::apps
