#include <mpfuzz/triage/report_text.h>

#include <mpfuzz/observe/normalize.h>
#include <mpfuzz/observe/oracles.h>

#include <algorithm>
#include <cctype>
#include <string_view>

namespace mpfuzz::triage {
namespace {

//! Bytes of each long text in the report. There are five, so that all of them fit into an issue.
constexpr size_t MAX_TEXT{12'000};
//! Bytes of each short text, such as the command. Guess: real ones are shorter.
constexpr size_t MAX_LINE{1'000};
//! Lines of the log.
constexpr size_t MAX_LOG_LINES{200};

//! Replaces the home directory by `~`. It does not take the beginning of another name for it, such as /home/al in
//! /home/alice. What is before it does not matter: it may be an option, as in -I/home/al.
std::string WithoutHome(std::string_view text, std::string_view home)
{
    while (home.ends_with('/')) home.remove_suffix(1);
    std::string out;
    while (!home.empty()) {
        const size_t found{text.find(home)};
        if (found == std::string_view::npos) break;
        const size_t end{found + home.size()};
        const char next{end < text.size() ? text[end] : '/'};
        const bool goes_on{std::isalnum(static_cast<unsigned char>(next)) || next == '_' || next == '-'};
        out += text.substr(0, found);
        out += goes_on ? home : "~";
        text.remove_prefix(end);
    }
    return out + std::string{text};
}

//! Makes a text safe to show: without the home directory, and without control characters except newlines and tabs.
std::string Clean(std::string_view text, std::string_view home)
{
    std::string clean{WithoutHome(text, home)};
    std::erase_if(clean, [](unsigned char c) { return (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f; });
    return clean;
}

//! The beginning of a long text, up to the end of a line.
std::string Head(std::string_view text)
{
    if (text.size() <= MAX_TEXT) return std::string{text};
    const size_t newline{text.substr(0, MAX_TEXT).rfind('\n')};
    const std::string_view kept{text.substr(0, newline == std::string_view::npos ? MAX_TEXT : newline)};
    return std::string{kept} + "\n... and " + std::to_string(text.size() - kept.size()) + " more bytes\n";
}

//! The last lines of a long text.
std::string LastLines(std::string_view text)
{
    while (text.ends_with('\n')) text.remove_suffix(1);
    size_t begin{text.size()};
    for (size_t lines{0}; begin > 0 && lines < MAX_LOG_LINES; ++lines) {
        const size_t newline{text.rfind('\n', begin - 1)};
        const size_t line{newline == std::string_view::npos ? 0 : newline};
        if (text.size() - line > MAX_TEXT) break;
        begin = line;
    }
    // The last line alone is too long.
    if (begin == text.size() && text.size() > MAX_TEXT) begin = text.size() - MAX_TEXT;
    text.remove_prefix(begin);
    if (text.starts_with('\n')) text.remove_prefix(1);
    return std::string{text};
}

//! The first report of a sanitizer in a log, from its first line to its summary. Empty if there is none.
std::string_view SanitizerReport(std::string_view log)
{
    for (size_t begin{0}; begin < log.size();) {
        const size_t end{std::min(log.find('\n', begin), log.size())};
        const std::string_view line{log.substr(begin, end - begin)};
        const auto has{[&](std::string_view words) { return line.find(words) != std::string_view::npos; }};
        if ((has("Sanitizer: ") && (has("ERROR: ") || has("WARNING: "))) || has(": runtime error: ")) {
            const std::string_view report{log.substr(begin)};
            const size_t summary{report.find("\nSUMMARY: ")};
            return summary == std::string_view::npos ? report : report.substr(0, report.find('\n', summary + 1));
        }
        begin = end + 1;
    }
    return {};
}

//! The trace without what it repeats of the target's log: see trace::Print.
std::string_view WithoutLog(std::string_view trace)
{
    for (const std::string_view heading : {"\nthe end of its log:\n", "\nits threads:\n"})
        trace = trace.substr(0, trace.find(heading));
    return trace;
}

//! A series of backquotes that does not occur in a text, and has at least `min`.
std::string Delimiter(std::string_view text, size_t min)
{
    std::string delimiter(min, '`');
    while (text.find(delimiter) != std::string_view::npos) delimiter += '`';
    return delimiter;
}

//! One line as code. Otherwise the `<` and `@` of a title would be markup.
std::string Code(std::string_view text)
{
    const std::string line{observe::OneLine(text, MAX_LINE)};
    const std::string delimiter{Delimiter(line, 1)};
    // Markdown removes one space on each side.
    const std::string space{line.starts_with('`') || line.ends_with('`') ? " " : ""};
    return delimiter + space + line + space + delimiter;
}

std::string Section(std::string_view heading, std::string text, std::string_view language = "")
{
    if (text.empty()) return {};
    if (!text.ends_with('\n')) text += '\n';
    const std::string fence{Delimiter(text, 3)};
    return "\n## " + std::string{heading} + "\n\n" + fence + std::string{language} + "\n" + text + fence + "\n";
}

std::string VerdictText(const Verdict& verdict)
{
    if (verdict.tries == 0) return "It has not been replayed yet.";
    const std::string tries{std::to_string(verdict.tries) + (verdict.tries == 1 ? " replay" : " replays")};
    if (verdict.hits == 0) return "It was seen once, but not in " + tries + ".";
    return "It was seen in " + std::to_string(verdict.hits) + " of " + tries + ".";
}

std::string Versions(const ReportInput& input)
{
    std::string text{"\n## Versions\n\n"};
    const auto add{[&](std::string_view name, const std::string& value) {
        if (!value.empty()) text += "- " + std::string{name} + ": " + Code(value) + "\n";
    }};
    add("target", Clean(input.environment.target_version, input.home));
    add("build id of the target", input.environment.target_build_id);
    add("hash of the schema", input.schema_hash);
    add("system", input.environment.os);
    add("mpfuzz", input.environment.mpfuzz);
    add("compiler of mpfuzz", input.environment.compiler);
    return text;
}

} // namespace

std::string ReportText(const ReportInput& input)
{
    const auto clean{[&](std::string_view text) { return Clean(text, input.home); }};
    const std::string log{clean(input.target_log)};
    const std::string_view report{SanitizerReport(log)};
    return "# " + Code(clean(Describe(input.identity))) + "\n\nmpfuzz found this. It is of the kind `" +
           std::string{Name(input.identity.kind)} +
           "`: " + std::string{observe::OracleOf(input.identity.kind).notices} + ". " + VerdictText(input.verdict) +
           "\n" + Section("Program", Head(clean(input.program))) + Section("Details", Head(clean(input.details))) +
           Section("What each step sent and received", Head(clean(WithoutLog(input.trace)))) +
           (report.empty() ? Section("The end of the target's log", LastLines(log))
                           : Section("The sanitizer's report", Head(report))) +
           Versions(input) + Section("To reproduce it", Head(clean(input.command)), "sh");
}

} // namespace mpfuzz::triage
