#include <apps/mpfuzz/command.h>

#include <mpfuzz/program/parse.h>

#include <charconv>
#include <csignal>
#include <fstream>
#include <iostream>
#include <iterator>

#include <unistd.h>

namespace mpfuzz::apps {
namespace {

// Global, because a signal handler gets no context.
std::atomic<bool> g_stop{false};

void Stop(int)
{
    // At the second signal, do not wait for the running program. The janitor process cleans up.
    if (g_stop.exchange(true)) _exit(EXIT_USER_MISTAKE);
}

} // namespace

int Complain(const std::string& message)
{
    std::cerr << "mpfuzz: " << message << (message.ends_with('\n') ? "" : "\n");
    return EXIT_USER_MISTAKE;
}

bool ReadFile(const std::string& path, std::string& bytes)
{
    std::ifstream file{path, std::ios::binary};
    if (!file) return false;
    bytes.assign(std::istreambuf_iterator<char>{file}, {});
    return !file.bad();
}

const std::atomic<bool>& HandleSignals()
{
    std::signal(SIGINT, Stop);
    std::signal(SIGTERM, Stop);
    std::signal(SIGPIPE, SIG_IGN);
    return g_stop;
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

base::Result<std::optional<std::chrono::milliseconds>> ReadTimeOption(const std::string& text)
{
    if (text.empty()) return std::optional<std::chrono::milliseconds>{};
    const auto time{ParseDuration(text)};
    if (!time) return base::Error{"--time " + text + ": expected a time such as 30s, 10m or 2h"};
    return time;
}

base::Result<program::Program> ReadProgram(const schema::Schema& schema, const std::string& path)
{
    std::string text;
    if (!ReadFile(path, text)) return base::Error{path + ": cannot be read"};
    auto program{program::Parse(schema, text)};
    if (!program) return base::Error{path + ":" + program.GetError().message};
    return program;
}

} // namespace mpfuzz::apps
