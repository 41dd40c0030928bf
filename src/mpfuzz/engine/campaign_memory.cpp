#include <mpfuzz/engine/campaign_memory.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/mutate/mutators.h>

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <new>
#include <type_traits>

namespace mpfuzz::engine {

// More different findings than anyone can read.
constexpr size_t SLOTS{16'384};

static_assert(std::is_trivially_copyable_v<MethodCounts> && std::is_trivially_copyable_v<mutate::Count>);

struct CampaignMemory::Header {
    std::atomic<uint64_t> programs;
    std::atomic<uint64_t> findings;
    std::atomic<bool> fuzzing_ended;
    std::atomic<unsigned> quiet_holder; //!< number of the process, plus one; 0: none
    std::array<FindingSlot, SLOTS> slots;
};

struct CampaignMemory::Process {
    Activity activity;
    std::atomic<bool> is_running;
    std::atomic<uint64_t> programs;
    std::atomic<uint64_t> restarts;
};

CampaignMemory::CampaignMemory(const schema::Schema& schema, unsigned processes)
    : m_methods{schema.MatchMethods("*")}, m_mutators{mutate::Mutators().size()}, m_processes{processes},
      m_process_bytes{sizeof(Process) + m_methods.size() * sizeof(MethodCounts) + m_mutators * sizeof(mutate::Count)},
      m_bytes{sizeof(Header) + processes * m_process_bytes}
{
    static_assert(sizeof(Header) % alignof(Process) == 0);
    static_assert(alignof(MethodCounts) <= alignof(Process) && alignof(mutate::Count) <= alignof(Process));
    std::ranges::sort(m_methods);
    void* const memory{mmap(nullptr, m_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)};
    CHECK(memory != MAP_FAILED, std::strerror(errno));
    m_header = new (memory) Header;
}

CampaignMemory::~CampaignMemory() { munmap(m_header, m_bytes); }

FindingSlot* CampaignMemory::FindSlot(uint64_t digest, observe::FindingKind kind)
{
    for (size_t i{0}; i < SLOTS; ++i) {
        FindingSlot& slot{m_header->slots[(digest + i) % SLOTS]};
        uint64_t holder{0};
        if (slot.digest.compare_exchange_strong(holder, digest)) slot.kind = kind;
        if (holder == 0 || holder == digest) return &slot;
    }
    return nullptr;
}

std::vector<FindingSlot*> CampaignMemory::Slots()
{
    std::vector<FindingSlot*> used;
    for (FindingSlot& slot : m_header->slots) {
        if (slot.digest != 0) used.push_back(&slot);
    }
    return used;
}

uint64_t CampaignMemory::ClaimProgram() { return m_header->programs.fetch_add(1); }

void CampaignMemory::CountFinding() { m_header->findings.fetch_add(1); }

uint64_t CampaignMemory::Findings() const { return m_header->findings; }

std::atomic<bool>& CampaignMemory::FuzzingEnded() { return m_header->fuzzing_ended; }

CampaignMemory::Process& CampaignMemory::GetProcess(unsigned process) const
{
    char* const begin{reinterpret_cast<char*>(m_header + 1) + process * m_process_bytes};
    CHECK(begin + m_process_bytes <= reinterpret_cast<char*>(m_header) + m_bytes, process);
    return *reinterpret_cast<Process*>(begin);
}

MethodCounts* CampaignMemory::MethodsOf(unsigned process) const
{
    return reinterpret_cast<MethodCounts*>(&GetProcess(process) + 1);
}

mutate::Count* CampaignMemory::MutatorsOf(unsigned process) const
{
    return reinterpret_cast<mutate::Count*>(MethodsOf(process) + m_methods.size());
}

Activity& CampaignMemory::ActivityOf(unsigned process) { return GetProcess(process).activity; }

bool CampaignMemory::AskForQuiet(unsigned process)
{
    unsigned holder{0};
    return m_header->quiet_holder.compare_exchange_strong(holder, process + 1) || holder == process + 1;
}

void CampaignMemory::EndQuiet(unsigned process)
{
    unsigned holder{process + 1};
    m_header->quiet_holder.compare_exchange_strong(holder, 0);
}

bool CampaignMemory::MustRest(unsigned process) const
{
    const unsigned holder{m_header->quiet_holder};
    return holder != 0 && holder != process + 1;
}

bool CampaignMemory::OthersRest(unsigned process)
{
    for (unsigned other{0}; other < m_processes; ++other) {
        if (other != process && GetProcess(other).is_running && !GetProcess(other).activity.resting) return false;
    }
    return true;
}

void CampaignMemory::Publish(unsigned process, const Statistics& statistics, const mutate::MutatorStatistics& mutators)
{
    GetProcess(process).programs = statistics.programs;
    GetProcess(process).restarts = statistics.restarts;
    for (const auto& [method, counts] : statistics.methods) {
        const auto found{std::ranges::lower_bound(m_methods, method)};
        if (found != m_methods.end() && *found == method) MethodsOf(process)[found - m_methods.begin()] = counts;
    }
    std::copy_n(mutators.counts.begin(), std::min(mutators.counts.size(), m_mutators), MutatorsOf(process));
}

Statistics CampaignMemory::ReadStatistics(unsigned process) const
{
    Statistics statistics{.programs = GetProcess(process).programs, .restarts = GetProcess(process).restarts};
    for (size_t i{0}; i < m_methods.size(); ++i) {
        const MethodCounts& counts{MethodsOf(process)[i]};
        if (counts.calls > 0) statistics.methods[m_methods[i]] = counts;
    }
    return statistics;
}

mutate::MutatorStatistics CampaignMemory::ReadMutators(unsigned process) const
{
    return {.counts = {MutatorsOf(process), MutatorsOf(process) + m_mutators}};
}

void CampaignMemory::Begin(unsigned process) { GetProcess(process).is_running = true; }

void CampaignMemory::Clear(unsigned process)
{
    EndQuiet(process);
    std::memset(static_cast<void*>(&GetProcess(process)), 0, m_process_bytes);
}

} // namespace mpfuzz::engine
