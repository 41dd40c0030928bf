#include <mpfuzz/execute/gdb.h>

#include <mpfuzz/execute/process.h>

#include <poll.h>

#include <filesystem>
#include <fstream>

namespace mpfuzz::execute {
namespace {

namespace fs = std::filesystem;

constexpr int DEADLINE_MS{20'000};

std::string RunGdb(const std::vector<std::string>& arguments, const std::string& directory)
{
    std::vector<std::string> command{"gdb", "-nx", "-batch", "-iex", "set debuginfod enabled off"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const std::string output{directory + "/mpfuzz-gdb.log"};
    auto gdb{Process::Spawn(command, {}, directory, output)};
    if (!gdb) return {};
    pollfd descriptor{gdb->PidFd(), POLLIN, 0};
    poll(&descriptor, 1, DEADLINE_MS);
    gdb->Kill();
    std::ifstream file{output, std::ios::binary};
    std::string words{std::istreambuf_iterator<char>{file}, {}};
    std::error_code ignored;
    fs::remove(output, ignored);
    return words;
}

//! `core` or `core.PID`; empty where there is none.
std::string FindCore(const std::string& directory)
{
    std::error_code error;
    for (const auto& entry : fs::directory_iterator{directory, error}) {
        const std::string name{entry.path().filename().string()};
        if (name == "core" || name.starts_with("core.")) return entry.path().string();
    }
    return {};
}

} // namespace

std::string StacksOfProcess(pid_t pid, const std::string& directory)
{
    return RunGdb({"-p", std::to_string(pid), "-ex", "thread apply all backtrace 30"}, directory);
}

std::string StackOfCore(const std::string& program, const std::string& directory)
{
    const std::string core{FindCore(directory)};
    return core.empty() ? std::string{} : RunGdb({"-ex", "backtrace 120", program, core}, directory);
}

} // namespace mpfuzz::execute
