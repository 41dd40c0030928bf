#include <mpfuzz/execute/usage.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace mpfuzz::execute {
namespace {

//! Fields of /proc/PID/stat after the program's name, which may hold anything: proc(5) counts these from 3.
constexpr int THREADS_FIELD{20};
constexpr int RESIDENT_FIELD{24};

std::string Contents(const std::filesystem::path& path)
{
    std::ifstream file{path};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    text.erase(text.find_last_not_of('\n') + 1);
    return text;
}

//! `State:	S (sleeping)` of /proc/PID/task/TID/status.
std::string StateOf(const std::filesystem::path& thread)
{
    const std::string status{Contents(thread / "status")};
    const size_t begin{status.find("State:\t")};
    if (begin == std::string::npos) return "gone";
    return status.substr(begin + 7, status.find('\n', begin) - begin - 7);
}

} // namespace

std::string WaitsOf(pid_t pid)
{
    std::string lines;
    std::error_code error;
    const std::filesystem::path tasks{"/proc/" + std::to_string(pid) + "/task"};
    for (std::filesystem::directory_iterator entry{tasks, error}, end; !error && entry != end; entry.increment(error)) {
        const std::filesystem::path& thread{entry->path()};
        lines += "thread " + thread.filename().string() + " \"" + Contents(thread / "comm") + "\": " + StateOf(thread) +
                 ", in " + Contents(thread / "wchan") + ", system call " + Contents(thread / "syscall") + "\n";
    }
    return lines;
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
    for (std::filesystem::directory_iterator entry{directory + "/fd", error}, end; !error && entry != end;
         entry.increment(error)) {
        ++usage.descriptors;
    }
    if (error || usage.threads == 0) return std::nullopt;
    return usage;
}

} // namespace mpfuzz::execute
