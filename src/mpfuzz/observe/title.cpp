#include <mpfuzz/observe/title.h>

#include <mpfuzz/observe/log_tail.h>
#include <mpfuzz/observe/normalize.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <vector>

namespace mpfuzz::observe {
namespace {

// Three classes, best first: whichever of a class comes first in the log is the cause of what follows it.
// What a process does not survive:
constexpr std::array<Recognizer, 11> FATAL{AddressSanitizerTitle,
                                           MemorySanitizerTitle,
                                           AssertionTitle,
                                           LockAssertionTitle,
                                           TerminateTitle,
                                           LibcxxTerminateTitle,
                                           PrintedExceptionTitle,
                                           KjExceptionTitle,
                                           KjSignalTitle,
                                           GlibcTitle,
                                           GdbTitle};
// What it may have survived, and said long before it died of something else:
constexpr std::array<Recognizer, 4> SURVIVABLE{UndefinedBehaviorTitle, ThreadSanitizerTitle, LeakSanitizerTitle,
                                               InternalBugTitle};
// What only repeats that it died:
constexpr std::array<Recognizer, 4> VAGUE{RecursiveTerminateTitle, SanitizerAbortTitle, GdbAbortTitle,
                                          SanitizerSummaryTitle};

// No recogniser needs more of a line; a target may write one without end.
constexpr size_t MAX_LINE{8192};

std::vector<std::string_view> Split(std::string_view text)
{
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const size_t end{std::min(text.find('\n'), text.size())};
        std::string_view line{text.substr(0, std::min(end, MAX_LINE))};
        if (line.ends_with('\r')) line.remove_suffix(1);
        // Our own agent's greeting says nothing of how the target ended.
        if (!line.starts_with("mpfuzz agent: ")) lines.push_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::optional<std::string> Recognize(Lines lines, std::span<const Recognizer> recognizers)
{
    for (; !lines.empty(); lines = lines.subspan(1)) {
        for (const Recognizer recognize : recognizers) {
            if (auto title{recognize(lines)}) return title;
        }
    }
    return std::nullopt;
}

std::string ExitTitle(const trace::Ending& ending, Lines lines)
{
    if (ending.signal) return SignalName(*ending.signal);
    if (!ending.status) return "went away";
    std::string title{"exited with status " + std::to_string(*ending.status)};
    while (!lines.empty() && OneLine(lines.back(), MAX_TITLE).empty()) lines = lines.first(lines.size() - 1);
    if (!lines.empty()) title += ": " + NormalizeWords(lines.back());
    return title;
}

} // namespace

std::string SignalName(int signal)
{
    struct Named {
        int number;
        std::string_view name;
    };
    static constexpr std::array<Named, 18> NAMES{{{SIGHUP, "SIGHUP"},
                                                  {SIGINT, "SIGINT"},
                                                  {SIGQUIT, "SIGQUIT"},
                                                  {SIGILL, "SIGILL"},
                                                  {SIGTRAP, "SIGTRAP"},
                                                  {SIGABRT, "SIGABRT"},
                                                  {SIGBUS, "SIGBUS"},
                                                  {SIGFPE, "SIGFPE"},
                                                  {SIGKILL, "SIGKILL"},
                                                  {SIGUSR1, "SIGUSR1"},
                                                  {SIGSEGV, "SIGSEGV"},
                                                  {SIGUSR2, "SIGUSR2"},
                                                  {SIGPIPE, "SIGPIPE"},
                                                  {SIGALRM, "SIGALRM"},
                                                  {SIGTERM, "SIGTERM"},
                                                  {SIGXCPU, "SIGXCPU"},
                                                  {SIGXFSZ, "SIGXFSZ"},
                                                  {SIGSYS, "SIGSYS"}}};
    for (const auto& [number, name] : NAMES) {
        if (number == signal) return std::string{name};
    }
    return "signal " + std::to_string(signal);
}

std::string CrashTitle(const trace::Ending& ending)
{
    const std::vector<std::string_view> lines{Split(ending.log_tail)};
    for (const std::span<const Recognizer> recognizers : {std::span<const Recognizer>{FATAL}, {SURVIVABLE}, {VAGUE}}) {
        if (const auto title{Recognize(lines, recognizers)}) return OneLine(*title, MAX_TITLE);
    }
    return OneLine(ExitTitle(ending, lines), MAX_TITLE);
}

} // namespace mpfuzz::observe
