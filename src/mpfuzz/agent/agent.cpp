// The agent: one object file that is linked into the target. It counts the target's edges in memory that it shares with
// the harness, and stores there which numbers the target compared. It needs only libc and is never instrumented itself.
//
// Every hook can be called before any constructor has run, because the state is zero-initialised. Every hook can be
// called in every thread: a data race can only lose an increment of a counter.
//
// After fork() the child shares the map and counts in it too (but see inline_counters.h). After exec() it does not.

#include <mpfuzz/agent/attach.h>
#include <mpfuzz/agent/layout.h>
#include <mpfuzz/agent/message.h>
#include <mpfuzz/agent/modules.h>
#include <mpfuzz/agent/unused_hooks.h>

#include <cerrno>

// Default visibility, so that shared objects that have no agent use the executable's agent.
#define MPFUZZ_HOOK extern "C" [[gnu::visibility("default"), gnu::used]]

namespace mpfuzz::agent {
namespace {

constexpr uint32_t INDEX_MASK = MAP_SIZE - 1;

//! The only static variable. The agent does nothing as long as all its members are zero.
struct State {
    std::atomic<bool> tried;
    uint8_t* counters;
    ControlPage* control;
    Comparison* comparisons;
    ModuleTable modules;
} g_state;

//! Restores errno, which the agent must not change.
class ErrnoGuard
{
public:
    ErrnoGuard() : m_saved{errno} {}
    ~ErrnoGuard() { errno = m_saved; }
    ErrnoGuard(const ErrnoGuard&) = delete;
    ErrnoGuard& operator=(const ErrnoGuard&) = delete;

private:
    int m_saved;
};

//! Increments a counter. It stops at 255 and does not wrap around, because 0 means "never reached".
void Count(uint32_t index)
{
    uint8_t* const counter{&g_state.counters[index]};
    const uint8_t hits{__atomic_load_n(counter, __ATOMIC_RELAXED)};
    __atomic_store_n(counter, static_cast<uint8_t>(hits + (hits != 255)), __ATOMIC_RELAXED);
}

//! Fibonacci hashing: a number below 2^BITS.
template<int BITS>
uint32_t Hash(uint64_t number)
{
    return static_cast<uint32_t>(number * 0x9e3779b97f4a7c15 >> (64 - BITS));
}

//! The index of the counter for a pc. It is computed from the pc's offset in its module, so that it does not depend on
//! the load address.
uint32_t IndexOf(uintptr_t pc, const Module& module)
{
    return Hash<__builtin_ctzll(MAP_SIZE)>((pc - module.begin) ^ module.salt);
}

//! Stores a comparison. The same pair of numbers at the same pc always uses the same slot, so that a loop that repeats
//! a comparison does not overwrite other comparisons.
void Compare(uintptr_t pc, uint64_t left, uint64_t right)
{
    if (left == right || !__atomic_load_n(&g_state.counters, __ATOMIC_ACQUIRE)) return;
    const uint32_t set{Hash<__builtin_ctzll(COMPARISON_SETS)>(pc)};
    const uint32_t slot{Hash<__builtin_ctzll(COMPARISONS_A_SET)>(left * 31 + right)};
    Comparison& comparison{g_state.comparisons[set * COMPARISONS_A_SET + slot]};
    comparison.left.store(left, std::memory_order_relaxed);
    comparison.right.store(right, std::memory_order_relaxed);
}

//! Adds the module of a pc to the table. Not inlined into the hook, which is called on every edge and must stay small.
[[gnu::noinline]] const Module* AddModule(uintptr_t pc)
{
    const ErrnoGuard guard;
    const Module* const module{g_state.modules.Add(pc)};
    if (module) g_state.control->traced.store(1);
    return module;
}

} // namespace

//! Maps the memory that the environment names. Only the first call does so. Like the hooks, this function has default
//! visibility: if one process has several copies of the agent, the dynamic linker directs all calls to the first copy.
MPFUZZ_HOOK [[gnu::noinline]] void mpfuzz_agent_attach()
{
    // In .preinit_array libc has no environment yet. A later call tries again.
    if (!environ || g_state.tried.exchange(true)) return;
    const ErrnoGuard guard;
    uint8_t* const map{MapFromEnvironment()};
    if (!map) return;
    g_state.control = reinterpret_cast<ControlPage*>(map + CONTROL_OFFSET);
    g_state.comparisons = reinterpret_cast<Comparison*>(map + COMPARISONS_OFFSET);
    __atomic_store_n(&g_state.counters, map, __ATOMIC_RELEASE);
}

namespace {

//! `trace-pc` has no hook that runs at the start, so the agent attaches here. Hits before this are not needed, because
//! they belong to the start of the target and not to a program.
[[gnu::constructor(101)]] void AttachEarly() { mpfuzz_agent_attach(); }

//! Writes a line that says what the agent counts. It runs after the constructors with priority 2, in which each module
//! registers its counters.
[[gnu::constructor]] void Announce()
{
    if (!g_state.control) return;
    const ErrnoGuard guard;
    const uint32_t edges{g_state.control->edges.load()};
    Message message;
    message << "mpfuzz agent: ";
    if (edges > 0) {
        message << edges << " edges, map of " << MAP_SIZE << " bytes";
    } else if (g_state.control->traced.load()) {
        message << "trace-pc, map of " << MAP_SIZE << " bytes";
    } else {
        message << "no counters yet: was the target compiled with -fsanitize-coverage=trace-pc-guard? "
                   "(GCC's trace-pc shows none before main.)";
    }
    message.Send();
}

} // namespace

// clang -fsanitize-coverage=trace-pc-guard

//! Numbers the guards of one module. Clang's code may call this several times for the same guards.
MPFUZZ_HOOK void __sanitizer_cov_trace_pc_guard_init(uint32_t* start, uint32_t* stop)
{
    if (start == stop || *start != 0) return;
    mpfuzz_agent_attach();
    if (!g_state.control) return;
    uint32_t next{g_state.control->edges.fetch_add(static_cast<uint32_t>(stop - start))};
    // Numbers start at 1. A guard that has no number is 0, and its edge is not counted.
    for (uint32_t* guard{start}; guard != stop; ++guard) *guard = (next++ & INDEX_MASK) + 1;
}

MPFUZZ_HOOK void __sanitizer_cov_trace_pc_guard(uint32_t* guard)
{
    if (const uint32_t number{*guard}) Count(number - 1);
}

// clang -fsanitize-coverage=inline-8bit-counters

//! Tells the harness where the counters of one module are. The harness reads them from the target's memory.
MPFUZZ_HOOK void __sanitizer_cov_8bit_counters_init(uint8_t* start, uint8_t* stop)
{
    if (start == stop) return;
    mpfuzz_agent_attach();
    if (!g_state.control) return;
    ControlPage& control{*g_state.control};
    const uint64_t address{reinterpret_cast<uintptr_t>(start)};
    const uint32_t known{control.region_count.load()};
    for (uint32_t i{0}; i < known && i < MAX_REGIONS; ++i) {
        if (control.regions[i].address == address && control.regions[i].size.load() != 0) return;
    }
    const uint32_t size{static_cast<uint32_t>(stop - start)};
    const uint32_t first_index{control.edges.fetch_add(size)};
    const uint32_t slot{control.region_count.fetch_add(1)};
    if (slot >= MAX_REGIONS) return;
    control.regions[slot].address = address;
    control.regions[slot].first_index = first_index;
    control.regions[slot].size.store(size, std::memory_order_release);
}

// gcc or clang -fsanitize-coverage=trace-pc

MPFUZZ_HOOK void __sanitizer_cov_trace_pc()
{
    if (!__atomic_load_n(&g_state.counters, __ATOMIC_ACQUIRE)) return;
    const uintptr_t pc{reinterpret_cast<uintptr_t>(__builtin_return_address(0))};
    const Module* module{g_state.modules.Find(pc)};
    if (!module) module = AddModule(pc);
    if (module) Count(IndexOf(pc, *module));
}

// gcc or clang -fsanitize-coverage=trace-cmp

#define MPFUZZ_COMPARISON_HOOK(name, type)                                              \
    MPFUZZ_HOOK void name(type left, type right)                                        \
    {                                                                                   \
        Compare(reinterpret_cast<uintptr_t>(__builtin_return_address(0)), left, right); \
    }

MPFUZZ_COMPARISON_HOOK(__sanitizer_cov_trace_cmp1, uint8_t)
MPFUZZ_COMPARISON_HOOK(__sanitizer_cov_trace_cmp2, uint16_t)
MPFUZZ_COMPARISON_HOOK(__sanitizer_cov_trace_cmp4, uint32_t)
MPFUZZ_COMPARISON_HOOK(__sanitizer_cov_trace_cmp8, uint64_t)
MPFUZZ_COMPARISON_HOOK(__sanitizer_cov_trace_const_cmp1, uint8_t)
MPFUZZ_COMPARISON_HOOK(__sanitizer_cov_trace_const_cmp2, uint16_t)
MPFUZZ_COMPARISON_HOOK(__sanitizer_cov_trace_const_cmp4, uint32_t)
MPFUZZ_COMPARISON_HOOK(__sanitizer_cov_trace_const_cmp8, uint64_t)

//! @param cases  An array: the number of cases, the width of `value` in bits, then the value of each case.
MPFUZZ_HOOK void __sanitizer_cov_trace_switch(uint64_t value, uint64_t* cases)
{
    const auto pc{reinterpret_cast<uintptr_t>(__builtin_return_address(0))};
    for (uint64_t i{0}; i < cases[0]; ++i) Compare(pc, value, cases[2 + i]);
}

} // namespace mpfuzz::agent
