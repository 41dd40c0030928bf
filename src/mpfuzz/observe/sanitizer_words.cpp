#include <mpfuzz/observe/frame.h>
#include <mpfuzz/observe/log_tail.h>
#include <mpfuzz/observe/normalize.h>

#include <algorithm>
#include <set>
#include <vector>

namespace mpfuzz::observe {
namespace {

//! What stands behind `marker` in a line.
std::optional<std::string_view> After(std::string_view line, std::string_view marker)
{
    const size_t at{line.find(marker)};
    if (at == std::string_view::npos) return std::nullopt;
    return line.substr(at + marker.size());
}

//! `heap-use-after-free` from `heap-use-after-free on address 0x…`, and so on for every report.
std::string Kind(std::string_view report)
{
    for (const std::string_view end : {" on ", " (", ": ", " 0x"}) report = report.substr(0, report.find(end));
    return NormalizeWords(report);
}

//! Lines up to the report's end.
Lines Report(Lines lines)
{
    const auto end{
        std::find_if(lines.begin(), lines.end(), [](std::string_view line) { return line.starts_with("SUMMARY: "); })};
    return lines.first(end - lines.begin());
}

std::string WithFirstStack(std::string title, Lines lines, bool overflow = false)
{
    Lines report{Report(lines)};
    return title + InCulprit(TakeStack(report, ParseSanitizerFrame), overflow);
}

//! Which of two racing threads is caught second is chance: both, in the order of their names.
std::string WithTwoStacks(std::string title, Lines lines)
{
    std::set<std::string> culprits;
    for (Lines report{Report(lines)}; !report.empty() && culprits.size() < 2;) {
        const std::string culprit{InCulprit(TakeStack(report, ParseSanitizerFrame))};
        if (!culprit.empty()) culprits.insert(culprit);
    }
    std::string_view separator;
    for (const std::string& culprit : culprits) {
        title += separator;
        title += separator.empty() ? culprit : culprit.substr(std::string_view{" in "}.size());
        separator = " and ";
    }
    return title;
}

bool IsAbort(std::string_view report) { return report.starts_with("ABRT "); }

} // namespace

std::optional<std::string> AddressSanitizerTitle(Lines lines)
{
    const auto report{After(lines.front(), "ERROR: AddressSanitizer: ")};
    if (!report || IsAbort(*report)) return std::nullopt;
    const std::string kind{Kind(*report)};
    return WithFirstStack("AddressSanitizer: " + kind, lines.subspan(1), kind == "stack-overflow");
}

std::optional<std::string> SanitizerAbortTitle(Lines lines)
{
    const auto report{After(lines.front(), "ERROR: AddressSanitizer: ")};
    if (!report || !IsAbort(*report)) return std::nullopt;
    return WithFirstStack("SIGABRT", lines.subspan(1));
}

std::optional<std::string> MemorySanitizerTitle(Lines lines)
{
    const auto report{After(lines.front(), ": MemorySanitizer: ")};
    if (!report || lines.front().starts_with("SUMMARY: ")) return std::nullopt;
    return WithFirstStack("MemorySanitizer: " + Kind(*report), lines.subspan(1));
}

std::optional<std::string> LeakSanitizerTitle(Lines lines)
{
    if (!After(lines.front(), "ERROR: LeakSanitizer: detected memory leaks")) return std::nullopt;
    return WithFirstStack("LeakSanitizer: memory leak", lines.subspan(1));
}

std::optional<std::string> ThreadSanitizerTitle(Lines lines)
{
    const auto report{After(lines.front(), "WARNING: ThreadSanitizer: ")};
    const auto error{After(lines.front(), "ERROR: ThreadSanitizer: ")};
    if (!report && !error) return std::nullopt;
    const std::string kind{Kind(report ? *report : *error)};
    const bool two_sides{kind == "data race" || kind == "lock-order-inversion" || kind == "heap-use-after-free"};
    const std::string title{"ThreadSanitizer: " + kind};
    return two_sides ? WithTwoStacks(title, lines.subspan(1)) : WithFirstStack(title, lines.subspan(1));
}

std::optional<std::string> UndefinedBehaviorTitle(Lines lines)
{
    constexpr std::string_view MARKER{": runtime error: "};
    const size_t at{lines.front().find(MARKER)};
    if (at == std::string_view::npos) return std::nullopt;
    std::string_view message{lines.front().substr(at + MARKER.size())};
    // `signed integer overflow: 2 + 2147483647 cannot …`: the operands are not part of the kind.
    message = message.substr(0, message.find(": "));
    const std::string title{"UndefinedBehaviorSanitizer: " + NormalizeWords(message)};
    const bool has_stack{lines.size() > 1 && ParseSanitizerFrame(lines[1])};
    if (has_stack) return WithFirstStack(title, lines.subspan(1));
    return title + " (" + std::string{FileName(lines.front().substr(0, at))} + ")";
}

std::optional<std::string> SanitizerSummaryTitle(Lines lines)
{
    std::string_view line{lines.front()};
    constexpr std::string_view START{"SUMMARY: "};
    if (!line.starts_with(START)) return std::nullopt;
    line.remove_prefix(START.size());
    const size_t colon{line.find("Sanitizer: ")};
    if (colon == std::string_view::npos || line.find("leaked in") != std::string_view::npos) return std::nullopt;
    const size_t kind_end{line.find_first_of(" /", colon + std::string_view{"Sanitizer: "}.size())};
    std::string title{line.substr(0, kind_end)};
    const auto function{After(line, " in ")};
    if (!function || function->empty()) return title;
    return title + " in " + CleanFunction(*function);
}

} // namespace mpfuzz::observe
