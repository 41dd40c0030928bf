#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/program/program.h>
#include <mpfuzz/schema/schema.h>

#include <CLI/CLI.hpp>

#include <atomic>
#include <chrono>
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

inline constexpr std::string_view VERSION{"0.1.0"};

//! What main gives to every command.
struct Invocation {
    std::vector<std::string> words; //!< the whole command line
    std::vector<std::string> extra; //!< words after `--`, for the target
    std::function<int()> chosen;    //!< runs the command that the user named
};

void AddSchemaCommand(CLI::App& app, Invocation& invocation);
void AddGenerateCommand(CLI::App& app, Invocation& invocation);
void AddDistillCommand(CLI::App& app, Invocation& invocation);
void AddRunCommand(CLI::App& app, Invocation& invocation);
void AddReplayCommand(CLI::App& app, Invocation& invocation);
void AddMinimizeCommand(CLI::App& app, Invocation& invocation);
void AddFmtCommand(CLI::App& app, Invocation& invocation);
void AddBenchCommand(CLI::App& app, Invocation& invocation);
void AddDiffCommand(CLI::App& app, Invocation& invocation);
void AddStubCommand(CLI::App& app, Invocation& invocation);
void AddProxyCommand(CLI::App& app, Invocation& invocation);

//! Print `mpfuzz: MESSAGE` to standard error. @return EXIT_USER_MISTAKE.
int Complain(const std::string& message);

//! Read the bytes of a file. Returns false if it cannot be read.
bool ReadFile(const std::string& path, std::string& bytes);

//! Read and parse the program in a file. The error names the file, and the line if the text is not valid.
base::Result<program::Program> ReadProgram(const schema::Schema& schema, const std::string& path);

//! Let Ctrl-C and SIGTERM set the returned flag. A second signal ends the process at once.
const std::atomic<bool>& HandleSignals();

//! Parse `500ms`, `30s`, `10m` or `2h`; a number without a unit is in seconds. Returns nullopt for any other text.
std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text);

//! The value of the option --time. An empty text gives nullopt. Other text that is not a time is an error.
base::Result<std::optional<std::chrono::milliseconds>> ReadTimeOption(const std::string& text);

} // namespace mpfuzz::apps
