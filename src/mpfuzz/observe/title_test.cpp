#include <mpfuzz/observe/title.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace mpfuzz::observe {
namespace {

// Logs of real crashes, one in each file. The first line, `# signal N` or `# status N`, says how the process ended.
// If MPFUZZ_UPDATE_GOLDEN=1 is in the environment, the test rewrites the .title files: review the difference.
const std::filesystem::path LOGS{std::filesystem::path{MPFUZZ_SOURCE_DIR} / "src/mpfuzz/observe/testdata/titles"};

std::string ReadFile(const std::filesystem::path& path)
{
    std::ifstream in{path, std::ios::binary};
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

trace::Ending EndingOf(std::string log)
{
    trace::Ending ending{.alive = false, .responsive = false, .signal = {}, .status = {}, .log_tail = {}, .stacks = {}};
    std::istringstream first{log};
    std::string hash, how;
    int number{0};
    EXPECT_TRUE(first >> hash >> how >> number && hash == "#") << log.substr(0, 80);
    (how == "signal" ? ending.signal : ending.status) = number;
    ending.log_tail = log.substr(std::min(log.find('\n') + 1, log.size()));
    return ending;
}

std::string TitleOf(std::string words, std::optional<int> signal = 6)
{
    return CrashTitle({.alive = false,
                       .responsive = false,
                       .signal = signal,
                       .status = {},
                       .log_tail = std::move(words),
                       .stacks = {}});
}

TEST(CrashTitle, IsAsExpectedForEveryLog)
{
    const bool update{std::getenv("MPFUZZ_UPDATE_GOLDEN") != nullptr};
    size_t logs{0};
    for (const auto& entry : std::filesystem::directory_iterator{LOGS}) {
        if (entry.path().extension() != ".log") continue;
        ++logs;
        const std::string title{CrashTitle(EndingOf(ReadFile(entry.path()))) + "\n"};
        const auto expected{std::filesystem::path{entry.path()}.replace_extension(".title")};
        if (update) std::ofstream{expected} << title;
        EXPECT_EQ(title, ReadFile(expected)) << entry.path().filename();
    }
    EXPECT_GE(logs, 50U);
}

TEST(CrashTitle, DoesNotDependOnAddressesLinesAndProcessIds)
{
    for (const auto& entry : std::filesystem::directory_iterator{LOGS}) {
        if (entry.path().extension() != ".log") continue;
        // Numbers change from run to run, except for signals, versions and module offsets.
        const bool offsets_matter{entry.path().stem() == "asan-unsymbolized-uaf"};
        if (offsets_matter) continue;
        const std::string log{ReadFile(entry.path())};
        std::string other{log};
        for (const std::string_view start : {"==", "0x0000", "0x7f", "0x55", "pid="}) {
            for (size_t at{other.find(start)}; at != std::string::npos; at = other.find(start, at + 1)) {
                const size_t digit{at + start.size()};
                if (digit < other.size() && std::isdigit(static_cast<unsigned char>(other[digit])))
                    other[digit] = other[digit] == '3' ? '4' : '3';
            }
        }
        EXPECT_EQ(CrashTitle(EndingOf(log)), CrashTitle(EndingOf(other))) << entry.path().filename();
    }
}

TEST(CrashTitle, IsAPrintableLineForAnyLog)
{
    std::string junk;
    for (int i{0}; i < 4096; ++i) junk += static_cast<char>(i * 7 + i / 256);
    for (const std::string& words :
         {junk, std::string{"==1==ERROR: AddressSanitizer: "} + junk, std::string(100'000, '<'),
          "prog: f.cpp:1: " + junk.substr(0, 200) + ": Assertion `" + std::string(5'000, '(') + "' failed."}) {
        const std::string title{TitleOf(words)};
        EXPECT_FALSE(title.empty());
        EXPECT_LE(title.size(), MAX_TITLE);
        EXPECT_TRUE(std::all_of(title.begin(), title.end(), [](char c) { return c >= ' ' && c <= '~'; })) << title;
    }
}

TEST(CrashTitle, IsNotEmptyForAnyPartOfALog)
{
    for (const auto& entry : std::filesystem::directory_iterator{LOGS}) {
        const std::string log{ReadFile(entry.path()).substr(0, 2'000)};
        for (size_t length{0}; length < log.size(); length += 41) {
            EXPECT_FALSE(TitleOf(log.substr(0, length)).empty());
            EXPECT_FALSE(TitleOf(log.substr(length)).empty());
        }
    }
}

TEST(CrashTitle, IsFoundAfterLinesThatNearlyMatch)
{
    // Half a megabyte of lines that contain beginnings of a report but never match, then a report.
    for (const std::string unit :
         {"a:1 ", "a:1 b: Assertion `a' ", ": runtime error ", "libc++abi: term", "Program received signal SIGABRT",
          "SUMMARY: aSanitizer: a in", "Assertion failed: lok a in b:1 c; ", "*** Fatal uncaught",
          "a MemorySanitizer: ", "Internal bug detected: a", "terminate called after throwing an instance of 'a",
          "a/a.c"}) {
        std::string line{"x "};
        while (line.size() < 8'000) line += unit;
        std::string log;
        while (log.size() < 500'000) log += line + "\n";
        EXPECT_EQ(TitleOf(log + "malloc(): corrupted top size\n"), "malloc(): corrupted top size") << unit;
    }
}

TEST(CrashTitle, NamesTheSignalOrStatusIfTheLogSaysNothing)
{
    EXPECT_EQ(TitleOf("", 11), "SIGSEGV");
    EXPECT_EQ(TitleOf("\n \n", 9), "SIGKILL");
    EXPECT_EQ(TitleOf("", 63), "signal 63");
    EXPECT_EQ(TitleOf("", std::nullopt), "the server went away");
}

TEST(CrashTitle, PrefersTheCauseToItsConsequences)
{
    EXPECT_EQ(TitleOf("a.cpp:1:2: runtime error: division by zero\npure virtual method called\nterminate called "
                      "without an active exception\n"),
              "pure virtual method called");
    EXPECT_EQ(TitleOf("a.cpp:1:2: runtime error: division by zero\n", 11),
              "UndefinedBehaviorSanitizer: division by zero (a.cpp)");
}

} // namespace
} // namespace mpfuzz::observe
