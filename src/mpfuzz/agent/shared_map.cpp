#include <mpfuzz/agent/shared_map.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

namespace mpfuzz::agent {
namespace {

// It is larger than the numbers of ordinary descriptors, and than 198 and 199, which AFL++'s fork server uses.
constexpr int LOWEST_FD = 200;

std::error_code LastError() { return {errno, std::generic_category()}; }

//! Moves the file to a descriptor number of at least LOWEST_FD, if the limit on descriptors allows that.
int MoveUp(int fd)
{
    const int moved{fcntl(fd, F_DUPFD_CLOEXEC, LOWEST_FD)};
    if (moved < 0) return fd;
    close(fd);
    return moved;
}

} // namespace

std::optional<SharedMap> SharedMap::Create(std::error_code& error)
{
    int fd{memfd_create("mpfuzz-coverage", MFD_CLOEXEC | MFD_ALLOW_SEALING)};
    void* memory{MAP_FAILED};
    if (fd >= 0) {
        fd = MoveUp(fd);
        if (ftruncate(fd, LAYOUT_SIZE) == 0 && fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0) {
            memory = mmap(nullptr, LAYOUT_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        }
    }
    if (memory == MAP_FAILED) {
        error = LastError();
        if (fd >= 0) close(fd);
        return std::nullopt;
    }
    SharedMap map{fd, static_cast<uint8_t*>(memory)};
    auto* control{new (map.m_memory + CONTROL_OFFSET) ControlPage{}};
    control->magic = LAYOUT_MAGIC;
    control->version = LAYOUT_VERSION;
    control->map_size = MAP_SIZE;
    return map;
}

SharedMap::SharedMap(SharedMap&& other) noexcept
    : m_fd(std::exchange(other.m_fd, -1)), m_memory(std::exchange(other.m_memory, nullptr)),
      m_inline(std::move(other.m_inline))
{
}

SharedMap& SharedMap::operator=(SharedMap&& other) noexcept
{
    std::swap(m_fd, other.m_fd);
    std::swap(m_memory, other.m_memory);
    std::swap(m_inline, other.m_inline);
    return *this;
}

SharedMap::~SharedMap()
{
    if (m_memory) munmap(m_memory, LAYOUT_SIZE);
    if (m_fd >= 0) close(m_fd);
}

std::map<std::string, std::string> SharedMap::Environment() const
{
    return {{COVERAGE_FD_VARIABLE, std::to_string(m_fd)}};
}

std::error_code SharedMap::LayOver(std::span<uint8_t> counters) const
{
    if (counters.size() != MAP_SIZE) return std::make_error_code(std::errc::invalid_argument);
    // mmap itself returns EINVAL for an address that is not page-aligned.
    void* const placed{mmap(counters.data(), MAP_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, m_fd, 0)};
    return placed == MAP_FAILED ? LastError() : std::error_code{};
}

std::error_code SharedMap::Collect() { return m_inline.Fold(Control(), Counters()); }

std::error_code SharedMap::Clear()
{
    const std::error_code error{m_inline.Fold(Control(), Counters())};
    std::ranges::fill(Counters(), uint8_t{0});
    return error;
}

std::vector<Operands> SharedMap::Comparisons() const
{
    std::vector<Operands> found;
    const auto* const table{reinterpret_cast<const Comparison*>(m_memory + COMPARISONS_OFFSET)};
    for (const Comparison& comparison : std::span{table, MAX_COMPARISONS}) {
        const uint64_t left{comparison.left.load(std::memory_order_relaxed)};
        const uint64_t right{comparison.right.load(std::memory_order_relaxed)};
        if (left != right) found.emplace_back(left, right);
    }
    return found;
}

void SharedMap::ForgetComparisons()
{
    std::memset(m_memory + COMPARISONS_OFFSET, 0, MAX_COMPARISONS * sizeof(Comparison));
}

AgentStatus SharedMap::Status() const
{
    const ControlPage& control{Control()};
    const uint32_t pid{control.pid.load()};
    return {.pid = pid ? std::optional{pid} : std::nullopt,
            .edges = control.edges.load(),
            .traced = control.traced.load() != 0,
            .inline_modules = control.region_count.load()};
}

std::string SharedMap::Problem() const
{
    const AgentStatus status{Status()};
    if (!status.pid) {
        return "the target has no mpfuzz agent: link mpfuzz_agent.o into the program itself (a wrapper that starts it "
               "does not pass coverage on)";
    }
    if (status.edges == 0 && !status.traced) {
        return "the target has the mpfuzz agent but no counters: compile it with -fsanitize-coverage=trace-pc-guard "
               "(clang) or -fsanitize-coverage=trace-pc (gcc)";
    }
    if (status.inline_modules > MAX_REGIONS) {
        return std::to_string(status.inline_modules - MAX_REGIONS) +
               " of the target's modules have inline counters beyond what the agent can follow: compile with "
               "-fsanitize-coverage=trace-pc-guard";
    }
    return {};
}

} // namespace mpfuzz::agent
