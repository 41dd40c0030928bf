#pragma once

// Agent side: finds the map that the process inherited from the harness. Only agent.cpp includes this file.

#include <mpfuzz/agent/layout.h>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mpfuzz::agent {

//! The descriptor that the environment variable names. Returns -1 if it names none.
inline int DescriptorFromEnvironment()
{
    const char* text{getenv(COVERAGE_FD_VARIABLE)};
    if (!text || !*text) return -1;
    int fd{0};
    for (int digits{0}; *text; ++text, ++digits) {
        if (*text < '0' || *text > '9' || digits == 9) return -1;
        fd = fd * 10 + (*text - '0');
    }
    return fd;
}

//! Maps the shared memory into this process. Returns its start, or nullptr if the variable is unset or stale.
//!
//! The variable is stale in a child of the target that called exec(): the child inherits the variable but not the
//! descriptor. There the number may belong to another file, which must not be changed. So this function checks that the
//! file has our layout, and that no other process owns the map.
//!
//! The descriptor stays open until exec(), so that a second copy of the agent, in a plug-in, can map the same memory.
inline uint8_t* MapFromEnvironment()
{
    const int fd{DescriptorFromEnvironment()};
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0) return nullptr;
    if (!S_ISREG(status.st_mode) || status.st_size != static_cast<off_t>(LAYOUT_SIZE)) return nullptr;
    void* const memory{mmap(nullptr, LAYOUT_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)};
    if (memory == MAP_FAILED) return nullptr;

    uint8_t* const map{static_cast<uint8_t*>(memory)};
    ControlPage* const control{reinterpret_cast<ControlPage*>(map + CONTROL_OFFSET)};
    const uint32_t self{static_cast<uint32_t>(getpid())};
    uint32_t owner{0};
    if (control->magic != LAYOUT_MAGIC || control->version != LAYOUT_VERSION || control->map_size != MAP_SIZE ||
        (!control->pid.compare_exchange_strong(owner, self) && owner != self)) {
        munmap(memory, LAYOUT_SIZE);
        return nullptr;
    }
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    return map;
}

} // namespace mpfuzz::agent
