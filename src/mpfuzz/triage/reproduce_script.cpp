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
    script += "# Usage: reproduce.sh [TARGET.toml [OPTION of mpfuzz " + std::string{two ? "diff" : "replay"} +
              "]...]; MPFUZZ names the mpfuzz program.\n";
    script += "# Exits with 1 where the finding shows again, with 0 where it does not.\n";
    script += "here=$(dirname \"$0\")\n";
    script += "target=" + ShellQuote(record.target_toml) + "\n";
    script += "if [ $# -gt 0 ]; then target=$1; shift; fi\n";
    script += "program=$here/program.mpf\n";
    script += "if [ -f \"$here/minimal.mpf\" ]; then program=$here/minimal.mpf; fi\n";
    script += "exec \"${MPFUZZ:-mpfuzz}\" ";
    script += two ? "diff \"$target\" " + ShellQuote(record.other_toml) + " --program \"$program\""
                  : "replay \"$target\" \"$program\"";
    script += " \"$@\"" + extra + "\n";
    return script;
}

} // namespace mpfuzz::triage
