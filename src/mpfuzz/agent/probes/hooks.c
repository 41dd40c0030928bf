// Calls the agent's hooks explicitly, in ways in which no compiler's code calls them. It is not instrumented itself.

#include <stdint.h>
#include <stdio.h>

void __sanitizer_cov_trace_pc_guard_init(uint32_t* start, uint32_t* stop);
void __sanitizer_cov_trace_pc_guard(uint32_t* guard);
void __sanitizer_cov_8bit_counters_init(uint8_t* start, uint8_t* stop);
void __sanitizer_cov_trace_pc(void);

#define MANY 300000

static uint32_t g_many[MANY];
static uint32_t g_late[4];
static uint8_t g_counters[24];

static void register_counters(void)
{
    __sanitizer_cov_trace_pc_guard_init(g_many, g_many + MANY);
    __sanitizer_cov_8bit_counters_init(g_counters, g_counters + sizeof(g_counters));
}

// Runs before every constructor, even libc's own. At that time libc has no environment yet.
static void before_constructors(void)
{
    __sanitizer_cov_trace_pc();
    __sanitizer_cov_trace_pc_guard(&g_many[0]);
    register_counters();
}

__attribute__((section(".preinit_array"), used)) static void (*g_before)(void) = before_constructors;

// Registers the counters like clang's own code, with the same priority.
__attribute__((constructor(2))) static void constructor(void)
{
    register_counters();
    register_counters();
}

int main(void)
{
    // The first two edges use the same counter, because their numbers differ by 2^17. The third uses another counter.
    __sanitizer_cov_trace_pc_guard(&g_many[5]);
    __sanitizer_cov_trace_pc_guard(&g_many[5 + (1 << 17)]);
    __sanitizer_cov_trace_pc_guard(&g_many[6]);
    // The numbers of a later module begin after those of the earlier ones. An empty module gets no numbers.
    __sanitizer_cov_trace_pc_guard_init(g_late, g_late);
    __sanitizer_cov_trace_pc_guard_init(g_late, g_late + 4);
    for (int i = 0; i < 300; ++i) __sanitizer_cov_trace_pc_guard(&g_late[0]);
    g_counters[23] = 7;
    puts("done");
    fflush(stdout);
    while (getchar() != EOF) {
    }
    return 0;
}
