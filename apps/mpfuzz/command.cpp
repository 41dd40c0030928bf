#include <apps/mpfuzz/command.h>

#include <mpfuzz/base/file.h>
#include <mpfuzz/base/text.h>
#include <mpfuzz/program/parse.h>
#include <mpfuzz/triage/finding_files.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <system_error>

#include <unistd.h>

namespace mpfuzz::apps {
namespace {

// Global, because a signal handler gets no context.
std::atomic<int> g_signals{0};

void Count(int) { ++g_signals; }

//! End at once. The janitor process cleans up.
void End(int)
{
    constexpr std::string_view MESSAGE{"mpfuzz: stopped during a run\n"};
    (void)!write(STDERR_FILENO, MESSAGE.data(), MESSAGE.size());
    _exit(EXIT_USER_MISTAKE);
}

void CountAndLimit(int number)
{
    if (++g_signals > 1) End(number);
    alarm(1);
}

const std::atomic<int>& Install(void (*handler)(int))
{
    std::signal(SIGINT, handler);
    std::signal(SIGTERM, handler);
    std::signal(SIGPIPE, SIG_IGN);
    return g_signals;
}

} // namespace

int Complain(const std::string& message)
{
    std::cerr << "mpfuzz: " << message << (message.ends_with('\n') ? "" : "\n");
    return EXIT_USER_MISTAKE;
}

const std::atomic<int>& CountSignals() { return Install(Count); }

const std::atomic<int>& HandleSignals()
{
    std::signal(SIGALRM, End);
    return Install(CountAndLimit);
}

std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text)
{
    uint32_t number{0};
    const auto [end, error]{std::from_chars(text.data(), text.data() + text.size(), number)};
    if (error != std::errc{}) return std::nullopt;
    const std::string_view unit{text.substr(static_cast<size_t>(end - text.data()))};
    const std::chrono::milliseconds::rep count{number};
    if (unit == "ms") return std::chrono::milliseconds{count};
    if (unit == "s" || unit.empty()) return std::chrono::milliseconds{count * 1'000};
    if (unit == "m") return std::chrono::milliseconds{count * 60'000};
    if (unit == "h") return std::chrono::milliseconds{count * 3'600'000};
    return std::nullopt;
}

base::Result<std::optional<std::chrono::milliseconds>> ReadTimeOption(const std::string& text, std::string_view option)
{
    if (text.empty()) return std::optional<std::chrono::milliseconds>{};
    const auto time{ParseDuration(text)};
    if (!time) return base::Error{std::string{option} + " " + text + ": expected a time such as 30s, 10m or 2h"};
    return time;
}

std::string QuoteWord(const std::string& word)
{
    if (std::ranges::all_of(word, [](unsigned char c) { return c >= 0x20 && c < 0x7f; }))
        return triage::ShellQuote(word);
    std::string escaped{base::Quote(word)};
    base::ReplaceAll(escaped, "'", "\\'");
    return "$'" + escaped.substr(1, escaped.size() - 2) + "'";
}

base::Result<std::vector<std::string>> TargetWords(const triage::Record& record, const std::vector<std::string>& given,
                                                   bool trust)
{
    if (!given.empty()) return given;
    if (trust || record.extra_arguments.empty()) return record.extra_arguments;
    std::string words;
    for (const std::string& word : record.extra_arguments) words += " " + QuoteWord(word);
    return base::Error{"finding.json has words for the target's command line:\n   " + words +
                       "\nIf you trust whoever made this finding, --trust appends them to the target's command line. "
                       "Otherwise give your own words after --"};
}

bool NamesTarget(const std::vector<std::string>& files)
{
    std::error_code ignored;
    return files.size() == 1 && (files[0].ends_with(".toml") || std::filesystem::is_directory(files[0], ignored));
}

base::Result<program::Program> ReadProgram(const schema::Schema& schema, const std::string& path)
{
    const auto text{base::ReadFile(path)};
    if (!text) return text.GetError();
    auto program{program::Parse(schema, *text)};
    if (!program) return base::Error{path + ":" + program.GetError().message};
    return program;
}

} // namespace mpfuzz::apps
