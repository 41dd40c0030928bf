#pragma once

#include <CLI/CLI.hpp>

#include <functional>
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
    std::function<int()> chosen;    //!< set by the command that the user named
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

//! Print `mpfuzz: MESSAGE` to stderr. @return EXIT_USER_MISTAKE.
int Complain(const std::string& message);

//! A file's bytes; false where it cannot be read.
bool ReadFile(const std::string& path, std::string& bytes);

} // namespace mpfuzz::apps
