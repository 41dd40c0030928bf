#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/engine/fuzzer.h>

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace mpfuzz::engine {

//! One program of a corpus, and what its run reached.
struct CorpusEntry {
    std::string file;               //!< path
    std::string text;               //!< canonical
    std::vector<uint32_t> features; //!< sorted; empty where it showed a finding, or is no program
};

//! Indices of entries that together reach every feature that any of them does: greedily, the shortest first where two
//! add as many new ones. In the order in which they were chosen.
//!
//! Cost: linear in the number of features of all entries, times the logarithm of their number.
std::vector<size_t> CoveringSet(const std::vector<CorpusEntry>& entries);

//! Files below the directories, sorted by name. An error names the directory that cannot be read.
base::Result<std::vector<std::string>> ListCorpus(const std::vector<std::string>& directories);

struct Distilled {
    size_t read{0};     //!< files
    size_t programs{0}; //!< of them, that could be run and showed no finding
    size_t findings{0}; //!< that showed one
    size_t kept{0};
    size_t features{0};
};

//! Run every program of the files once, and write a covering set of them to `into`, each under the digest of its text.
//! Programs in `into` count like the others, and those that are not needed are removed.
//!
//! @param on_file  Called after each, with how many there were; may be empty.
base::Result<Distilled> Distill(Fuzzer& fuzzer, const schema::Schema& schema, const std::vector<std::string>& from,
                                const std::string& into, const std::function<void(size_t)>& on_file);

} // namespace mpfuzz::engine
