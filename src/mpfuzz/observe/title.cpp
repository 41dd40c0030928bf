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

//! What a process writes when it dies, and the form of the title for it.
//!
//! In the form, `<NAME>` stands for a group of the pattern, or for a text from the lines after the match. The name
//! decides how the text is cleaned: see GROUPS and STACKS. `<place>` is the function and the file in the groups
//! `function` and `file`. If a text is empty, the `: ` before it is removed.
struct Pattern {
    std::string_view regex;
    std::string_view title;
};

// There are three tables, and the first one with a match decides. Of all matches of a table, the one that begins on the
// earliest line is used, because it is the cause of what follows. If several begin on that line, the first in the table
// is used. To add a title, add a row here and a log in testdata/titles.
// The target writes the text, so patterns must not backtrack much: begin them with `^` or with a literal.

//! Errors after which a process does not continue.
constexpr std::array FATAL{
    Pattern{R"(ERROR: AddressSanitizer: stack-overflow(?: on | \(|: | 0x|$))",
            "AddressSanitizer: stack-overflow<recursion>"},
    Pattern{R"(ERROR: AddressSanitizer: (?!ABRT )(?<kind>.*?)(?: on | \(|: | 0x|$))",
            "AddressSanitizer: <kind><stack>"},
    Pattern{R"(^(?!SUMMARY: ).*?: MemorySanitizer: (?<kind>.*?)(?: on | \(|: | 0x|$))",
            "MemorySanitizer: <kind><stack>"},
    // glibc writes `PROGRAM: FILE:LINE: FUNCTION: Assertion …`. libstdc++ writes no program, and Bitcoin Core's
    // Assert() writes a blank before the function.
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

//! Errors after which a process may continue, and die of another error much later.
constexpr std::array SURVIVABLE{
    // The operands are not part of the kind: `signed integer overflow: 2 + 2147483647 cannot …`.
    Pattern{R"(^.*?: runtime error: (?>(?<kind>.*?)(?:: |$)).*\n *#\d+ )", "UndefinedBehaviorSanitizer: <kind><stack>"},
    Pattern{R"(^(?<location>.*?): runtime error: (?<kind>.*?)(?:: |$))",
            "UndefinedBehaviorSanitizer: <kind> (<location>)"},
    Pattern{
        R"((?:WARNING|ERROR): ThreadSanitizer: (?<kind>data race|lock-order-inversion|heap-use-after-free)(?: on | \(|: | 0x|$))",
        "ThreadSanitizer: <kind><two stacks>"},
    Pattern{R"((?:WARNING|ERROR): ThreadSanitizer: (?<kind>.*?)(?: on | \(|: | 0x|$))",
            "ThreadSanitizer: <kind><stack>"},
    Pattern{R"(ERROR: LeakSanitizer: detected memory leaks)", "LeakSanitizer: memory leak<stack>"},
    // Bitcoin Core's CHECK_NONFATAL() writes `FILE:LINE (FUNCTION)` on the next line.
    Pattern{
        R"(Internal bug detected: (?<expression>.*)(?:\n(?:.*? )?(?<file>[^ \n]*?):\d+[: (]*(?<function>[^)\n]*))?)",
        "internal bug: <expression><place>"},
};

//! Texts that say that the process died, but not why.
constexpr std::array VAGUE{
    // Two threads called std::terminate at once, or a terminate handler threw. The exception has a line of its own.
    Pattern{R"(^terminate called recursively)", "terminate called recursively"},
    // AddressSanitizer also reports the signal of an abort() that it did not cause.
    Pattern{R"(ERROR: AddressSanitizer: ABRT )", "SIGABRT<stack>"},
    Pattern{R"(^(?:Program|Thread) .*?(?:received|terminated with) signal SIGABRT)", "SIGABRT<gdb stack>"},
    // For reports whose beginning is missing.
    Pattern{R"(^SUMMARY: (?!.*leaked in)(?<report>.*?Sanitizer: [^ /\n]*).*? in (?<function>.+))",
            "<report> in <function>"},
    Pattern{R"(^SUMMARY: (?!.*leaked in)(?<report>.*?Sanitizer: [^ /\n]*))", "<report>"},
};

std::string Raw(std::string_view text) { return std::string{text}; }

//! The name of an exception's type. KJ throws a type that is derived from the documented one: use the documented name.
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

//! A group of a pattern, and the function that cleans its text.
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

//! The lines before the end of a sanitizer's report.
Lines Report(Lines lines)
{
    const auto end{std::ranges::find_if(lines, [](std::string_view line) { return line.starts_with("SUMMARY: "); })};
    return lines.first(static_cast<size_t>(end - lines.begin()));
}

std::string FirstStack(Lines lines)
{
    Lines report{Report(lines)};
    return InFunction(TakeStack(report, ParseSanitizerFrame));
}

std::string RecursiveStack(Lines lines)
{
    Lines report{Report(lines)};
    return InFunction(TakeStack(report, ParseSanitizerFrame), /*overflow=*/true);
}

//! The functions of both threads of a data race, sorted: which of the two is reported first is random.
std::string TwoStacks(Lines lines)
{
    std::set<std::string> functions;
    for (Lines report{Report(lines)}; !report.empty() && functions.size() < 2;) {
        const std::string function{InFunction(TakeStack(report, ParseSanitizerFrame))};
        if (!function.empty()) functions.insert(function);
    }
    std::string text;
    for (const std::string& function : functions)
        text += text.empty() ? function : " and " + function.substr(std::string_view{" in "}.size());
    return text;
}

std::string GdbStack(Lines lines)
{
    std::vector<Frame> stack{TakeStack(lines, ParseGdbFrame)};
    // When a process stops, gdb prints the innermost frame alone. The stack follows if the user asks for it.
    if (stack.size() == 1) {
        std::vector<Frame> whole{TakeStack(lines, ParseGdbFrame)};
        if (!whole.empty()) stack = std::move(whole);
    }
    // gdb does not say that the stack overflowed. More than a hundred frames are probably a recursion.
    return InFunction(stack, /*overflow=*/stack.size() > 100);
}

//! A text that is made from the lines after the line in which a match begins.
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

// Number of bytes of a line that are used. No pattern needs more, and a target may write very long lines.
constexpr size_t MAX_LINE{8192};

std::vector<std::string_view> Split(std::string_view text)
{
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const size_t end{std::min(text.find('\n'), text.size())};
        std::string_view line{text.substr(0, std::min(end, MAX_LINE))};
        if (line.ends_with('\r')) line.remove_suffix(1);
        // The line that our own agent writes at the start says nothing about how the target died.
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
    return InFunction(std::array{
        Frame{.function = CleanFunction(*function), .file = std::string{*file}, .module = {}, .offset = {}}});
}

//! The text that replaces `<name>` in a title.
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

//! A compiled table of patterns.
class Table
{
public:
    explicit Table(std::span<const Pattern> patterns)
    {
        for (const Pattern& pattern : patterns) m_rows.push_back({Regex{pattern.regex}, pattern.title});
    }

    //! The title of the match that begins on the earliest line. Returns nullopt if no row matches.
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
    if (!ending.status) return "the server went away";
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
