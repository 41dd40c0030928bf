#pragma once

// Agent side: finds the module that contains a program counter (pc), for `trace-pc`. Only agent.cpp includes this file.

#include <link.h>

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace mpfuzz::agent {

//! The address range of one executable or shared object.
struct Module {
    uintptr_t begin;
    uintptr_t end;
    //! Hash of the file name, so that equal offsets in different modules are different edges. 0 for the executable.
    uint64_t salt;

    bool Contains(uintptr_t pc) const { return pc - begin < end - begin; }
};

//! The modules that have called the agent, in the order of their first call. Find() needs no lock and is
//! async-signal-safe.
struct ModuleTable {
    static constexpr uint32_t CAPACITY = 64;

    std::atomic<uint32_t> size;
    std::atomic<bool> busy;
    Module modules[CAPACITY];

    const Module* Find(uintptr_t pc) const
    {
        const uint32_t known{size.load(std::memory_order_acquire)};
        for (uint32_t i{0}; i < known; ++i) {
            if (modules[i].Contains(pc)) return &modules[i];
        }
        return nullptr;
    }

    //! Asks the dynamic linker for the module of a pc that Find() did not find, and adds it to the table.
    //!
    //! Returns nullptr if there is no such module, if the table is full, or if another thread (or code that a signal
    //! interrupted) is in this function. The hit is then not counted.
    const Module* Add(uintptr_t pc);
};

//! FNV-1a hash of the part after the last slash, so that it does not depend on the folder of the file. 0 for an empty
//! path or nullptr.
inline uint64_t HashOfFileName(const char* path)
{
    if (!path || !*path) return 0;
    uint64_t hash{0xcbf29ce484222325};
    for (const char* at{path}; *at; ++at) {
        hash = *at == '/' ? 0xcbf29ce484222325 : (hash ^ static_cast<unsigned char>(*at)) * 0x100000001b3;
    }
    return hash;
}

struct ModuleSearch {
    uintptr_t pc;
    Module found;
};

//! Callback for dl_iterate_phdr. It returns 1 for the module that contains the pc, which ends the iteration.
inline int MatchModule(dl_phdr_info* info, size_t, void* data)
{
    ModuleSearch& search{*static_cast<ModuleSearch*>(data)};
    Module module{UINTPTR_MAX, 0, 0};
    for (int i{0}; i < info->dlpi_phnum; ++i) {
        const ElfW(Phdr) & segment{info->dlpi_phdr[i]};
        if (segment.p_type != PT_LOAD) continue;
        const uintptr_t begin{info->dlpi_addr + segment.p_vaddr};
        const uintptr_t end{begin + segment.p_memsz};
        if (begin < module.begin) module.begin = begin;
        if (end > module.end) module.end = end;
    }
    if (module.begin >= module.end || !module.Contains(search.pc)) return 0;
    module.salt = HashOfFileName(info->dlpi_name);
    search.found = module;
    return 1;
}

inline const Module* ModuleTable::Add(uintptr_t pc)
{
    if (size.load() == CAPACITY || busy.exchange(true)) return nullptr;
    const Module* module{Find(pc)};
    ModuleSearch search{pc, {}};
    if (!module && dl_iterate_phdr(MatchModule, &search)) {
        const uint32_t at{size.load()};
        modules[at] = search.found;
        size.store(at + 1, std::memory_order_release);
        module = &modules[at];
    }
    busy.store(false);
    return module;
}

} // namespace mpfuzz::agent
