#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/engine/fuzzer.h>

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace mpfuzz::engine {

//! One program of a corpus, and the features that its run reached.
struct CorpusEntry {
    std::string file;               //!< path
    std::string text;               //!< canonical
    std::vector<uint32_t> features; //!< sorted; empty if the run showed a finding, or if the file contains no program
};

//! Choose entries that together reach every feature that any entry reaches. Greedy: always chooses the entry that adds
//! the most features. If several entries add as many, it chooses the shortest.
//!
//! @return Their indices, in the order in which they were chosen.
//!
//! Cost: linear in the number of features of all entries, times the logarithm of their number.
std::vector<size_t> CoveringSet(const std::vector<CorpusEntry>& entries);

//! All files below the directories, sorted by name. An error names a directory that cannot be read.
base::Result<std::vector<std::string>> ListCorpus(const std::vector<std::string>& directories);

struct Distilled {
    size_t read{0};     //!< files
    size_t programs{0}; //!< files with a program that ran without a finding
    size_t findings{0}; //!< files with a program that showed a finding
    size_t kept{0};
    size_t features{0};
};

//! Run the program of each file once, and write a covering set of the programs to the directory `into`. The name of a
//! file there is the digest of its text. Programs that `into` contains already are treated like the others; those that
//! are not needed are removed.
//!
//! @param on_file  Called after each file with the number of files so far; may be empty.
base::Result<Distilled> Distill(Fuzzer& fuzzer, const schema::Schema& schema, const std::vector<std::string>& from,
                                const std::string& into, const std::function<void(size_t)>& on_file);

} // namespace mpfuzz::engine
