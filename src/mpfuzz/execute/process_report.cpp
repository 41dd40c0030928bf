#include <mpfuzz/execute/process_report.h>

#include <mpfuzz/base/file.h>
#include <mpfuzz/execute/process.h>

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <vector>

namespace mpfuzz::execute {
namespace {

namespace fs = std::filesystem;

//! Position of the line that begins the last sanitizer report, such as `==17==ERROR: AddressSanitizer: …`; npos if
//! there is none.
size_t StartOfReport(const std::string& log)
{
    const size_t heading{std::max(log.rfind("==ERROR: ") + 1, log.rfind("WARNING: ThreadSanitizer: ") + 1)};
    return heading == 0 ? std::string::npos : log.rfind('\n', heading - 1) + 1;
}

// Numbers of fields of /proc/PID/stat, as proc(5) counts them. Field 2 is the program's name and may contain spaces;
// field 3 comes right after it.
constexpr int THREADS_FIELD{20};
constexpr int RESIDENT_FIELD{24};

std::string Contents(const fs::path& path)
{
    std::ifstream file{path};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    text.erase(text.find_last_not_of('\n') + 1);
    return text;
}

//! A thread's state, such as `S (sleeping)`, from /proc/PID/task/TID/status.
std::string StateOf(const fs::path& thread)
{
    const std::string status{Contents(thread / "status")};
    const size_t begin{status.find("State:\t")};
    if (begin == std::string::npos) return "gone";
    return status.substr(begin + 7, status.find('\n', begin) - begin - 7);
}

constexpr int GDB_DEADLINE_MS{20'000};

std::string RunGdb(const std::vector<std::string>& arguments, const std::string& directory)
{
    std::vector<std::string> command{"gdb", "-nx", "-batch", "-iex", "set debuginfod enabled off"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const std::string output{directory + "/mpfuzz-gdb.log"};
    auto gdb{Process::Spawn(command, {}, directory, output)};
    if (!gdb) return {};
    pollfd descriptor{gdb->PidFd(), POLLIN, 0};
    poll(&descriptor, 1, GDB_DEADLINE_MS);
    gdb->Kill();
    std::ifstream file{output, std::ios::binary};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    std::error_code ignored;
    fs::remove(output, ignored);
    return text;
}

//! Path of `core` or `core.PID`; empty if there is none.
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

std::string LogTailOf(const std::string& path)
{
    std::string log{base::ReadTail(path, LONGEST_REPORT_BYTES)};
    const size_t tail{log.size() - std::min(log.size(), LOG_TAIL_BYTES)};
    return log.substr(std::min(tail, StartOfReport(log)));
}

std::optional<trace::Usage> UsageOf(pid_t pid)
{
    const std::string directory{"/proc/" + std::to_string(pid)};
    const std::string text{Contents(directory + "/stat")};
    const size_t name_end{text.rfind(')')};
    if (name_end == std::string::npos) return std::nullopt;
    std::istringstream fields{text.substr(name_end + 1)};
    trace::Usage usage;
    std::string field;
    for (int number{3}; number <= RESIDENT_FIELD && fields >> field; ++number) {
        if (number == THREADS_FIELD) usage.threads = static_cast<uint32_t>(std::stoul(field));
        if (number == RESIDENT_FIELD) {
            usage.memory_kib = std::stoull(field) * static_cast<uint64_t>(sysconf(_SC_PAGESIZE)) / 1024;
        }
    }
    std::error_code error;
    for (fs::directory_iterator entry{directory + "/fd", error}, end; !error && entry != end; entry.increment(error)) {
        ++usage.descriptors;
    }
    if (error || usage.threads == 0) return std::nullopt;
    return usage;
}

std::string WaitsOf(pid_t pid)
{
    std::string lines;
    std::error_code error;
    const fs::path tasks{"/proc/" + std::to_string(pid) + "/task"};
    for (fs::directory_iterator entry{tasks, error}, end; !error && entry != end; entry.increment(error)) {
        const fs::path& thread{entry->path()};
        lines += "thread " + thread.filename().string() + " \"" + Contents(thread / "comm") + "\": " + StateOf(thread) +
                 ", in " + Contents(thread / "wchan") + ", system call " + Contents(thread / "syscall") + "\n";
    }
    return lines;
}

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
