#include <mpfuzz/observe/frame.h>
#include <mpfuzz/observe/log_tail.h>
#include <mpfuzz/observe/normalize.h>

#include <algorithm>
#include <cstdlib>
#include <cxxabi.h>
#include <memory>

namespace mpfuzz::observe {
namespace {

//! Text between `open` and the next `close` behind it.
std::optional<std::string_view> Between(std::string_view line, std::string_view open, std::string_view close)
{
    const size_t begin{line.find(open)};
    if (begin == std::string_view::npos) return std::nullopt;
    const std::string_view rest{line.substr(begin + open.size())};
    const size_t end{rest.rfind(close)};
    if (end == std::string_view::npos) return std::nullopt;
    return rest.substr(0, end);
}

//! Place of an assertion, ` in F (file.cpp)`, from `prog: FILE:LINE: F`, `FILE:LINE: F` or `FILE:LINE F`.
std::string AssertionPlace(std::string_view place)
{
    size_t digits{std::string_view::npos};
    for (size_t colon{place.find(':')}; colon != std::string_view::npos; colon = place.find(':', colon + 1)) {
        if (colon + 1 < place.size() && place[colon + 1] >= '0' && place[colon + 1] <= '9') {
            digits = colon;
            break;
        }
    }
    if (digits == std::string_view::npos) return "";
    const std::string_view file_part{place.substr(0, digits)};
    const size_t blank{file_part.rfind(' ')};
    const std::string_view file{blank == std::string_view::npos ? file_part : file_part.substr(blank + 1)};
    std::string_view function{place.substr(std::min(place.find_first_not_of("0123456789", digits + 1), place.size()))};
    function.remove_prefix(std::min(function.find_first_not_of(": "), function.size()));
    return InCulprit(
        std::array{Frame{.function = CleanFunction(function), .file = std::string{file}, .module = {}, .offset = {}}});
}

//! One title for an exception, however the news of it came. kj hides its type behind another.
std::string UncaughtTitle(std::string_view type, std::string_view message)
{
    if (type == "kj::ExceptionImpl") type = "kj::Exception";
    message = message.substr(0, std::min(message.find_last_not_of(" \r") + 1, message.size()));
    const std::string words{NormalizeWords(message)};
    return "uncaught " + CleanFunction(type) + (words.empty() ? "" : ": " + words);
}

std::string Demangle(std::string_view type)
{
    int status{0};
    const std::unique_ptr<char, void (*)(void*)> name{
        abi::__cxa_demangle(std::string{type}.c_str(), nullptr, nullptr, &status), std::free};
    return name ? name.get() : std::string{type};
}

} // namespace

std::optional<std::string> AssertionTitle(Lines lines)
{
    const std::string_view line{lines.front()};
    constexpr std::string_view MARKER{": Assertion "};
    const size_t at{line.find(MARKER)};
    if (at == std::string_view::npos) return std::nullopt;
    const std::string_view rest{line.substr(at + MARKER.size())};
    auto expression{Between(rest, "`", "' failed")};
    if (!expression) expression = Between(rest, "'", "' failed"); // libstdc++
    if (!expression) return std::nullopt;
    return "assertion `" + std::string{*expression} + "' failed" + AssertionPlace(line.substr(0, at));
}

std::optional<std::string> LockAssertionTitle(Lines lines)
{
    constexpr std::string_view START{"Assertion failed: lock "};
    if (!lines.front().starts_with(START)) return std::nullopt;
    std::string_view words{lines.front().substr(START.size())};
    words = words.substr(0, words.find("; locks held"));
    const size_t in{words.rfind(" in ")};
    const std::string title{"lock " + std::string{words.substr(0, in)}};
    return in == std::string_view::npos ? title : title + AssertionPlace(words.substr(in + 4));
}

std::optional<std::string> InternalBugTitle(Lines lines)
{
    constexpr std::string_view MARKER{"Internal bug detected: "};
    const size_t at{lines.front().find(MARKER)};
    if (at == std::string_view::npos) return std::nullopt;
    const std::string title{"internal bug: " + std::string{lines.front().substr(at + MARKER.size())}};
    if (lines.size() < 2) return title;
    // `FILE:LINE (FUNCTION)`
    std::string place{lines[1]};
    std::replace(place.begin(), place.end(), '(', ' ');
    return title + AssertionPlace(place.substr(0, place.find(')')));
}

std::optional<std::string> TerminateTitle(Lines lines)
{
    const std::string_view line{lines.front()};
    if (line.starts_with("terminate called without an active exception"))
        return "terminate without an active exception";
    const auto type{Between(line, "terminate called after throwing an instance of '", "'")};
    if (!type) return std::nullopt;
    constexpr std::string_view WHAT{"  what():  "};
    const bool has_message{lines.size() > 1 && lines[1].starts_with(WHAT)};
    return UncaughtTitle(*type, has_message ? lines[1].substr(WHAT.size()) : std::string_view{});
}

std::optional<std::string> RecursiveTerminateTitle(Lines lines)
{
    // Two threads at once, or a handler that threw: what was thrown stands on a line of its own.
    constexpr std::string_view WORDS{"terminate called recursively"};
    return lines.front().starts_with(WORDS) ? std::optional<std::string>{WORDS} : std::nullopt;
}

std::optional<std::string> LibcxxTerminateTitle(Lines lines)
{
    const std::string_view line{lines.front()};
    if (line.find("libc++abi: terminating") == std::string_view::npos) return std::nullopt;
    constexpr std::string_view MARKER{" exception of type "};
    const size_t at{line.find(MARKER)};
    if (at == std::string_view::npos) return "terminate without an active exception";
    const std::string_view rest{line.substr(at + MARKER.size())};
    const size_t colon{rest.find(": ")};
    if (colon == std::string_view::npos) return UncaughtTitle(rest, "");
    return UncaughtTitle(rest.substr(0, colon), rest.substr(colon + 2));
}

std::optional<std::string> PrintedExceptionTitle(Lines lines)
{
    constexpr std::string_view START{"EXCEPTION: "};
    if (!lines.front().starts_with(START) || lines.size() < 2) return std::nullopt;
    const std::string_view type{lines.front().substr(START.size())};
    return UncaughtTitle(Demangle(type.substr(0, type.find(' '))), lines[1]);
}

std::optional<std::string> KjExceptionTitle(Lines lines)
{
    std::string_view line{lines.front()};
    if (line.starts_with("*** Uncaught exception ***") && lines.size() > 1)
        return UncaughtTitle("kj::Exception", lines[1]);
    constexpr std::string_view START{"*** Fatal uncaught "};
    if (!line.starts_with(START)) return std::nullopt;
    line.remove_prefix(START.size());
    const size_t colon{line.find(": ")};
    if (colon == std::string_view::npos) return UncaughtTitle(line, "");
    return UncaughtTitle(line.substr(0, colon), line.substr(colon + 2));
}

std::optional<std::string> KjSignalTitle(Lines lines)
{
    constexpr std::string_view START{"*** Received signal #"};
    if (!lines.front().starts_with(START)) return std::nullopt;
    return SignalName(std::atoi(std::string{lines.front().substr(START.size(), 3)}.c_str()));
}

std::optional<std::string> GlibcTitle(Lines lines)
{
    // In the words of glibc's malloc.c, libc_fatal.c and fortify, and libstdc++'s pure.cc.
    static constexpr std::array<std::string_view, 14> STARTS{"malloc(): ",
                                                             "free(): ",
                                                             "realloc(): ",
                                                             "munmap_chunk(): ",
                                                             "malloc_consolidate(): ",
                                                             "calloc(): ",
                                                             "double free or corruption",
                                                             "corrupted size vs. prev_size",
                                                             "corrupted double-linked list",
                                                             "*** stack smashing detected ***",
                                                             "*** buffer overflow detected ***",
                                                             "*** longjmp causes uninitialized stack frame ***",
                                                             "pure virtual method called",
                                                             "Fatal glibc error: "};
    const std::string_view line{lines.front()};
    const bool known{
        std::any_of(STARTS.begin(), STARTS.end(), [&](std::string_view start) { return line.starts_with(start); })};
    if (!known) return std::nullopt;
    return NormalizeWords(line);
}

namespace {

//! `SIGSEGV` from `Thread 3 "b-capnp-loop" received signal SIGSEGV, Segmentation fault.` of a live
//! process, or `Program terminated with signal SIGSEGV, Segmentation fault.` of a core file.
std::optional<std::string_view> GdbSignal(std::string_view line)
{
    constexpr std::array<std::string_view, 2> MARKERS{" received signal ", " terminated with signal "};
    if (!line.starts_with("Program ") && !line.starts_with("Thread ")) return std::nullopt;
    for (const std::string_view marker : MARKERS) {
        const size_t at{line.find(marker)};
        if (at == std::string_view::npos) continue;
        const std::string_view name{line.substr(at + marker.size())};
        return name.substr(0, name.find(','));
    }
    return std::nullopt;
}

std::string GdbTitleOf(std::string_view signal, Lines lines)
{
    std::vector<Frame> stack{TakeStack(lines, ParseGdbFrame)};
    // gdb shows the innermost frame and its source line by itself before it is asked for the stack.
    if (stack.size() == 1) {
        std::vector<Frame> asked_for{TakeStack(lines, ParseGdbFrame)};
        if (!asked_for.empty()) stack = std::move(asked_for);
    }
    // gdb does not say that the stack overflowed. Nobody nests a hundred calls deep otherwise.
    return std::string{signal} + InCulprit(stack, /*overflow=*/stack.size() > 100);
}

} // namespace

std::optional<std::string> GdbTitle(Lines lines)
{
    const auto signal{GdbSignal(lines.front())};
    if (!signal || *signal == "SIGABRT") return std::nullopt;
    return GdbTitleOf(*signal, lines.subspan(1));
}

std::optional<std::string> GdbAbortTitle(Lines lines)
{
    const auto signal{GdbSignal(lines.front())};
    if (!signal || *signal != "SIGABRT") return std::nullopt;
    return GdbTitleOf(*signal, lines.subspan(1));
}

} // namespace mpfuzz::observe
