// This file is long because it holds the table of crash titles.
#include <mpfuzz/observe/title.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/observe/frame.h>
#include <mpfuzz/observe/normalize.h>
#include <mpfuzz/observe/regex.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <cxxabi.h>
#include <memory>
#include <set>
#include <span>
#include <vector>

namespace mpfuzz::observe {
namespace {

using Lines = std::span<const std::string_view>;

//! What a dying process writes, and the title for it.
//!
//! In a title's form, `<NAME>` stands for a group of the pattern or for what the lines behind the match say. The name
//! decides how the text is cleaned: see GROUPS and STACKS. `<place>` is the function and the file that the groups
//! `function` and `file` hold. `: ` before an empty text is left out.
struct Pattern {
    std::string_view regex;
    std::string_view title;
};

// Three classes, best first. Of a class, the match that begins on the earliest line is the cause of what follows it; of
// several on one line, the first in the table counts. To add a title: a row here, and a log in testdata/titles.
// Patterns must not backtrack much, since the target writes the text: begin with `^` or with a literal.

//! What a process does not survive.
constexpr std::array FATAL{
    Pattern{R"(ERROR: AddressSanitizer: stack-overflow(?: on | \(|: | 0x|$))",
            "AddressSanitizer: stack-overflow<recursion>"},
    Pattern{R"(ERROR: AddressSanitizer: (?!ABRT )(?<kind>.*?)(?: on | \(|: | 0x|$))",
            "AddressSanitizer: <kind><stack>"},
    Pattern{R"(^(?!SUMMARY: ).*?: MemorySanitizer: (?<kind>.*?)(?: on | \(|: | 0x|$))",
            "MemorySanitizer: <kind><stack>"},
    // glibc: `PROGRAM: FILE:LINE: FUNCTION: Assertion …`; libstdc++ has no program, Bitcoin Core's Assert() a blank
    // in front of the function.
    Pattern{
        R"(^(?=.*: Assertion )(?:(?:.*? )?(?<file>[^ \n]*?):\d+[: ]*(?<function>.*?)|.*?): Assertion [`'](?<expression>.*)' failed)",
        "assertion `<expression>' failed<place>"},
    // Bitcoin Core's AssertLockHeld().
    Pattern{
        R"(^Assertion failed: lock (?<lock>.*?)(?: in (?:(?<file>[^ \n]*?):\d+[: ]*(?<function>.*?)|.*?))?(?:; locks held|$))",
        "lock <lock><place>"},
    Pattern{R"(^terminate called without an active exception)", "terminate without an active exception"},
    Pattern{R"(^terminate called after throwing an instance of '(?<type>.*)'.*(?:\n  what\(\):  (?<message>.*))?)",
            "uncaught <type>: <message>"},
    Pattern{R"(libc\+\+abi: terminating.*? exception of type (?<type>.*?)(?:: (?<message>.*))?$)",
            "uncaught <type>: <message>"},
    Pattern{R"(libc\+\+abi: terminating)", "terminate without an active exception"},
    // Bitcoin Core's PrintExceptionContinue().
    Pattern{R"(^EXCEPTION: (?<mangled>[^ \n]*).*\n(?<message>.*))", "uncaught <mangled>: <message>"},
    Pattern{R"(^\*\*\* Uncaught exception \*\*\*.*\n(?<message>.*))", "uncaught kj::Exception: <message>"},
    Pattern{R"(^\*\*\* Fatal uncaught (?<type>.*?)(?:: (?<message>.*))?$)", "uncaught <type>: <message>"},
    Pattern{R"(^\*\*\* Received signal #(?<signal>\d{1,3}))", "<signal>"},
    // glibc's malloc.c, libc_fatal.c and fortify; libstdc++'s pure.cc.
    Pattern{R"(^(?<message>(?:malloc|free|realloc|calloc|munmap_chunk|malloc_consolidate)\(\): .*))", "<message>"},
    Pattern{
        R"(^(?<message>(?:double free or corruption|corrupted size vs\. prev_size|corrupted double-linked list).*))",
        "<message>"},
    Pattern{R"(^(?<message>\*\*\* (?:stack smashing|buffer overflow) detected \*\*\*.*))", "<message>"},
    Pattern{R"(^(?<message>\*\*\* longjmp causes uninitialized stack frame \*\*\*.*))", "<message>"},
    Pattern{R"(^(?<message>(?:pure virtual method called|Fatal glibc error: ).*))", "<message>"},
    // gdb on a live process and on a core file.
    Pattern{R"(^(?:Program|Thread) .*?(?:received|terminated with) signal (?!SIGABRT)(?<name>[^,\n]*))",
            "<name><gdb stack>"},
};

//! What a process may have survived, long before it died of something else.
constexpr std::array SURVIVABLE{
    // `signed integer overflow: 2 + 2147483647 cannot …`: the operands are not part of the kind.
    Pattern{R"(^.*?: runtime error: (?>(?<kind>.*?)(?:: |$)).*\n *#\d+ )", "UndefinedBehaviorSanitizer: <kind><stack>"},
    Pattern{R"(^(?<location>.*?): runtime error: (?<kind>.*?)(?:: |$))",
            "UndefinedBehaviorSanitizer: <kind> (<location>)"},
    Pattern{
        R"((?:WARNING|ERROR): ThreadSanitizer: (?<kind>data race|lock-order-inversion|heap-use-after-free)(?: on | \(|: | 0x|$))",
        "ThreadSanitizer: <kind><two stacks>"},
    Pattern{R"((?:WARNING|ERROR): ThreadSanitizer: (?<kind>.*?)(?: on | \(|: | 0x|$))",
            "ThreadSanitizer: <kind><stack>"},
    Pattern{R"(ERROR: LeakSanitizer: detected memory leaks)", "LeakSanitizer: memory leak<stack>"},
    // Bitcoin Core's CHECK_NONFATAL(): the next line is `FILE:LINE (FUNCTION)`.
    Pattern{
        R"(Internal bug detected: (?<expression>.*)(?:\n(?:.*? )?(?<file>[^ \n]*?):\d+[: (]*(?<function>[^)\n]*))?)",
        "internal bug: <expression><place>"},
};

//! What only repeats that it died.
constexpr std::array VAGUE{
    // Two threads at once, or a handler that threw. The exception has a line of its own.
    Pattern{R"(^terminate called recursively)", "terminate called recursively"},
    // AddressSanitizer handles the signal of an abort() that it has no part in.
    Pattern{R"(ERROR: AddressSanitizer: ABRT )", "SIGABRT<stack>"},
    Pattern{R"(^(?:Program|Thread) .*?(?:received|terminated with) signal SIGABRT)", "SIGABRT<gdb stack>"},
    // For reports of which the beginning is lost.
    Pattern{R"(^SUMMARY: (?!.*leaked in)(?<report>.*?Sanitizer: [^ /\n]*).*? in (?<function>.+))",
            "<report> in <function>"},
    Pattern{R"(^SUMMARY: (?!.*leaked in)(?<report>.*?Sanitizer: [^ /\n]*))", "<report>"},
};

std::string Raw(std::string_view text) { return std::string{text}; }

//! KJ throws a type that is derived from the one that it documents.
std::string TypeName(std::string_view type)
{
    return type == "kj::ExceptionImpl" ? "kj::Exception" : CleanFunction(type);
}

std::string Demangled(std::string_view type)
{
    int status{0};
    const std::unique_ptr<char, void (*)(void*)> name{
        abi::__cxa_demangle(std::string{type}.c_str(), nullptr, nullptr, &status), std::free};
    return TypeName(name ? name.get() : type);
}

std::string Trimmed(std::string_view text) { return NormalizeWords(text.substr(0, text.find_last_not_of(' ') + 1)); }

//! How the text of a group is cleaned.
struct Group {
    const char* name;
    std::string (*clean)(std::string_view text);
};
constexpr std::array GROUPS{
    Group{"expression", Raw},
    Group{"function", CleanFunction},
    Group{"kind", NormalizeWords},
    Group{"location", [](std::string_view text) { return std::string{FileName(text)}; }},
    Group{"lock", Raw},
    Group{"mangled", Demangled},
    Group{"message", Trimmed},
    Group{"name", Raw},
    Group{"report", Raw},
    Group{"signal", [](std::string_view number) { return SignalName(std::atoi(std::string{number}.c_str())); }},
    Group{"type", TypeName},
};

//! Lines up to the end of a sanitizer's report.
Lines Report(Lines lines)
{
    const auto end{std::ranges::find_if(lines, [](std::string_view line) { return line.starts_with("SUMMARY: "); })};
    return lines.first(static_cast<size_t>(end - lines.begin()));
}

std::string FirstStack(Lines lines)
{
    Lines report{Report(lines)};
    return InCulprit(TakeStack(report, ParseSanitizerFrame));
}

std::string RecursiveStack(Lines lines)
{
    Lines report{Report(lines)};
    return InCulprit(TakeStack(report, ParseSanitizerFrame), /*overflow=*/true);
}

//! Which of two racing threads is caught second is chance: both, in the order of their names.
std::string TwoStacks(Lines lines)
{
    std::set<std::string> culprits;
    for (Lines report{Report(lines)}; !report.empty() && culprits.size() < 2;) {
        const std::string culprit{InCulprit(TakeStack(report, ParseSanitizerFrame))};
        if (!culprit.empty()) culprits.insert(culprit);
    }
    std::string text;
    for (const std::string& culprit : culprits)
        text += text.empty() ? culprit : " and " + culprit.substr(std::string_view{" in "}.size());
    return text;
}

std::string GdbStack(Lines lines)
{
    std::vector<Frame> stack{TakeStack(lines, ParseGdbFrame)};
    // gdb shows the innermost frame and its source line by itself before it is asked for the stack.
    if (stack.size() == 1) {
        std::vector<Frame> asked_for{TakeStack(lines, ParseGdbFrame)};
        if (!asked_for.empty()) stack = std::move(asked_for);
    }
    // gdb does not say that the stack overflowed. Only recursion nests a hundred calls.
    return InCulprit(stack, /*overflow=*/stack.size() > 100);
}

//! Texts that come from the lines behind the line in which a match begins.
struct Stack {
    std::string_view name;
    std::string (*read)(Lines lines);
};
constexpr std::array STACKS{
    Stack{"stack", FirstStack},
    Stack{"recursion", RecursiveStack},
    Stack{"two stacks", TwoStacks},
    Stack{"gdb stack", GdbStack},
};

// No pattern needs more of a line; a target may write a line without end.
constexpr size_t MAX_LINE{8192};

std::vector<std::string_view> Split(std::string_view text)
{
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const size_t end{std::min(text.find('\n'), text.size())};
        std::string_view line{text.substr(0, std::min(end, MAX_LINE))};
        if (line.ends_with('\r')) line.remove_suffix(1);
        // Our own agent's greeting says nothing about the target's end.
        if (!line.starts_with("mpfuzz agent: ")) lines.push_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::string Join(Lines lines)
{
    std::string text;
    for (const std::string_view line : lines) {
        if (line.data() != lines.front().data()) text += '\n';
        text += line;
    }
    return text;
}

std::string Place(const Regex::Match& match)
{
    const auto file{match.Group("file")};
    const auto function{match.Group("function")};
    if (!file || !function) return "";
    return InCulprit(std::array{
        Frame{.function = CleanFunction(*function), .file = std::string{*file}, .module = {}, .offset = {}}});
}

//! What stands for `<name>` in a title.
std::string TextFor(std::string_view name, const Regex::Match& match, Lines behind)
{
    if (name == "place") return Place(match);
    for (const Stack& stack : STACKS) {
        if (name == stack.name) return stack.read(behind);
    }
    for (const Group& group : GROUPS) {
        if (name == group.name) return group.clean(match.Group(group.name).value_or(""));
    }
    CHECK(false, name);
    return {};
}

std::string TitleFrom(std::string_view form, const Regex::Match& match, Lines behind)
{
    std::string title;
    while (!form.empty()) {
        const size_t open{std::min(form.find('<'), form.size())};
        title += form.substr(0, open);
        if (open == form.size()) break;
        const size_t close{form.find('>', open)};
        const std::string text{TextFor(form.substr(open + 1, close - open - 1), match, behind)};
        if (text.empty() && title.ends_with(": ")) title.resize(title.size() - 2);
        title += text;
        form.remove_prefix(close + 1);
    }
    return title;
}

//! One class of patterns, compiled.
class Table
{
public:
    explicit Table(std::span<const Pattern> patterns)
    {
        for (const Pattern& pattern : patterns) m_rows.push_back({Regex{pattern.regex}, pattern.title});
    }

    //! The title of the match that begins on the earliest line; nullopt if no row matches.
    std::optional<std::string> Find(const std::string& text) const
    {
        std::optional<Regex::Match> first;
        size_t first_line{std::string::npos};
        std::string_view form;
        for (const auto& [regex, title] : m_rows) {
            auto match{regex.Search(text)};
            if (!match) continue;
            const size_t line{text.rfind('\n', match->Begin()) + 1};
            if (first && line >= first_line) continue;
            first = std::move(match);
            first_line = line;
            form = title;
        }
        if (!first) return std::nullopt;
        const size_t line_end{std::min(text.find('\n', first->Begin()), text.size())};
        return TitleFrom(form, *first, Split(std::string_view{text}.substr(std::min(line_end + 1, text.size()))));
    }

private:
    struct Row {
        Regex regex;
        std::string_view title;
    };
    std::vector<Row> m_rows;
};

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
    static constexpr std::array NAMES{
        Named{SIGHUP, "SIGHUP"},   Named{SIGINT, "SIGINT"},   Named{SIGQUIT, "SIGQUIT"}, Named{SIGILL, "SIGILL"},
        Named{SIGTRAP, "SIGTRAP"}, Named{SIGABRT, "SIGABRT"}, Named{SIGBUS, "SIGBUS"},   Named{SIGFPE, "SIGFPE"},
        Named{SIGKILL, "SIGKILL"}, Named{SIGUSR1, "SIGUSR1"}, Named{SIGSEGV, "SIGSEGV"}, Named{SIGUSR2, "SIGUSR2"},
        Named{SIGPIPE, "SIGPIPE"}, Named{SIGALRM, "SIGALRM"}, Named{SIGTERM, "SIGTERM"}, Named{SIGXCPU, "SIGXCPU"},
        Named{SIGXFSZ, "SIGXFSZ"}, Named{SIGSYS, "SIGSYS"},
    };
    for (const auto& [number, name] : NAMES) {
        if (number == signal) return std::string{name};
    }
    return "signal " + std::to_string(signal);
}

std::string CrashTitle(const trace::Ending& ending)
{
    static const std::array TABLES{Table{FATAL}, Table{SURVIVABLE}, Table{VAGUE}};
    const std::vector<std::string_view> lines{Split(ending.log_tail)};
    const std::string text{Join(lines)};
    for (const Table& table : TABLES) {
        if (const auto title{table.Find(text)}) return OneLine(*title, MAX_TITLE);
    }
    return OneLine(ExitTitle(ending, lines), MAX_TITLE);
}

} // namespace mpfuzz::observe
