#include <mpfuzz/execute/process_report.h>

#include <mpfuzz/base/file.h>
#include <mpfuzz/execute/process.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
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

//! True if a process has a mapping as large as the shadow of a sanitizer. AddressSanitizer, ThreadSanitizer and
//! MemorySanitizer reserve many TiB of addresses for it on 64-bit systems.
bool HasShadow(const std::string& maps)
{
    std::istringstream lines{maps};
    for (std::string line; std::getline(lines, line);) {
        uint64_t begin{0}, end{0};
        char minus{0};
        std::istringstream{line} >> std::hex >> begin >> minus >> end;
        if (end - begin >= 1ULL << 40) return true;
    }
    return false;
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

// LimitLog leaves more than a log tail, so a log tail never contains the gap.
static_assert(MAX_LOG_BYTES / 4 >= LONGEST_REPORT_BYTES);

void LimitLog(const std::string& path, uint64_t limit)
{
    struct stat status;
    if (stat(path.c_str(), &status) != 0) return;
    constexpr uint64_t STAT_BLOCK{512}; // see stat(2)
    if (static_cast<uint64_t>(status.st_blocks) * STAT_BLOCK <= limit) return;
    const int fd{open(path.c_str(), O_WRONLY | O_CLOEXEC)};
    if (fd < 0) return;
    const auto begin{static_cast<off_t>(limit / 2)};
    const off_t end{status.st_size - static_cast<off_t>(limit / 4)};
    // A file cannot be shortened at its beginning. A hole in its middle does not change its length, so that it does not
    // matter whether the writer appends or remembers a position.
    const bool freed{end > begin && fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, begin, end - begin) == 0};
    if (!freed) (void)!ftruncate(fd, 0);
    close(fd);
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

uint64_t SanitizerKib(std::string_view maps, std::string_view environment)
{
    if (!HasShadow(std::string{maps})) return 0;

    uint64_t quarantine_mib{256};
    static const std::regex OPTION{R"(quarantine_size_mb=(\d{1,7}))"};
    const std::string variables{'\0' + std::string{environment}};
    if (const size_t begin{variables.find(std::string{'\0'} + "ASAN_OPTIONS=")}; begin != std::string::npos) {
        const std::string options{variables.c_str() + begin + 1};
        // The last one counts.
        for (std::sregex_iterator match{options.begin(), options.end(), OPTION}, last; match != last; ++match)
            quarantine_mib = std::stoul((*match)[1]);
    }
    return 2 * quarantine_mib << 10;
}

uint64_t SanitizerKibOf(pid_t pid)
{
    const fs::path directory{"/proc/" + std::to_string(pid)};
    return SanitizerKib(Contents(directory / "maps"), Contents(directory / "environ"));
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
