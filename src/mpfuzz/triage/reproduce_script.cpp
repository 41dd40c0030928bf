#include <mpfuzz/triage/reproduce_script.h>

#include <mpfuzz/observe/normalize.h>
#include <mpfuzz/observe/title.h>

namespace mpfuzz::triage {

std::string ShellQuote(std::string_view word)
{
    constexpr std::string_view PLAIN{"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%"};
    if (!word.empty() && word.find_first_not_of(PLAIN) == std::string_view::npos) return std::string{word};
    std::string quoted{"'"};
    for (const char c : word) {
        if (c == '\'')
            quoted += "'\\''";
        else
            quoted += c;
    }
    return quoted + "'";
}

std::string ReproduceScript(const Record& record)
{
    std::string extra;
    for (const std::string& argument : record.extra_arguments) extra += " " + ShellQuote(argument);
    if (!extra.empty()) extra = " --" + extra;

    std::string script{"#!/bin/sh\n"};
    // A title is a target's own words: not one of them may become a command.
    script +=
        "# " + observe::OneLine(record.identity.kind + ": " + record.identity.title, 2 * observe::MAX_TITLE) + "\n";
    const bool two{!record.other_toml.empty()};
    const std::string_view command{two ? "diff" : record.driver.empty() ? "replay" : "run"};
    script += "# Usage: reproduce.sh [TARGET.toml [OPTION of mpfuzz " + std::string{command} +
              "]...]; MPFUZZ names the mpfuzz program.\n";
    script += "# Exits with 1 where the finding shows again, with 0 where it does not.\n";
    script += "here=$(dirname \"$0\")\n";
    script += "target=" + ShellQuote(record.target_toml) + "\n";
    script += "if [ $# -gt 0 ]; then target=$1; shift; fi\n";
    if (!record.driver.empty()) {
        script += "exec \"${MPFUZZ:-mpfuzz}\" run \"$target\" --driver " + ShellQuote(record.driver) + " --seed " +
                  std::to_string(record.seed) + " --runs 1 --out \"$(mktemp -d)\" \"$@\"" + extra + "\n";
        return script;
    }
    script += "program=$here/program.mpf\n";
    script += "if [ -f \"$here/minimal.mpf\" ]; then program=$here/minimal.mpf; fi\n";
    script += "exec \"${MPFUZZ:-mpfuzz}\" " + std::string{command} + " \"$target\" ";
    script += two ? ShellQuote(record.other_toml) + " --program \"$program\"" : "\"$program\"";
    script += " \"$@\"" + extra + "\n";
    return script;
}

} // namespace mpfuzz::triage
