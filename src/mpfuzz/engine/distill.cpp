#include <mpfuzz/engine/distill.h>

#include <mpfuzz/base/digest.h>
#include <mpfuzz/program/print.h>
#include <mpfuzz/triage/files.h>

#include <algorithm>
#include <bit>
#include <filesystem>
#include <queue>
#include <set>
#include <tuple>
#include <unordered_set>

namespace mpfuzz::engine {
namespace {

namespace fs = std::filesystem;

//! A feature for each counter that is not zero: its index and the range of its count.
std::vector<uint32_t> FeaturesOf(std::span<const uint8_t> counters)
{
    std::vector<uint32_t> features;
    for (size_t i{0}; i < counters.size(); ++i) {
        if (counters[i] != 0)
            features.push_back(static_cast<uint32_t>(i * 8) + static_cast<uint32_t>(std::bit_width(counters[i])) - 1);
    }
    return features;
}

//! Write the chosen programs, then remove the others. In this order, because mpfuzz may be stopped in between.
base::Status Replace(const std::string& into, const std::vector<CorpusEntry>& entries, const std::vector<size_t>& kept)
{
    std::set<std::string> names;
    for (const size_t index : kept) {
        const std::string name{base::DigestHex(entries[index].text) + ".mpf"};
        if (auto status{triage::WriteFile(into + "/" + name, entries[index].text)}; !status) return status;
        names.insert(name);
    }
    std::error_code error;
    for (const CorpusEntry& entry : entries) {
        const fs::path path{entry.file};
        if (fs::equivalent(path.parent_path(), into, error) && !names.contains(path.filename().string()))
            fs::remove(path, error);
    }
    return base::Ok();
}

} // namespace

std::vector<size_t> CoveringSet(const std::vector<CorpusEntry>& entries)
{
    // The number of features that an entry adds never increases. So if the first entry of the queue still adds as many
    // as when it was queued, no other entry adds more.
    using Candidate = std::tuple<size_t, size_t, size_t>; // gain; shortness; earliness
    constexpr size_t MOST{SIZE_MAX};
    std::priority_queue<Candidate> queue;
    for (size_t i{0}; i < entries.size(); ++i) {
        if (!entries[i].features.empty())
            queue.emplace(entries[i].features.size(), MOST - entries[i].text.size(), MOST - i);
    }
    std::unordered_set<uint32_t> covered;
    std::vector<size_t> chosen;
    while (!queue.empty()) {
        const auto [gain, shortness, earliness]{queue.top()};
        queue.pop();
        const auto& features{entries[MOST - earliness].features};
        const auto left{static_cast<size_t>(
            std::ranges::count_if(features, [&](uint32_t feature) { return !covered.contains(feature); }))};
        if (left == 0) continue;
        if (left < gain) {
            queue.emplace(left, shortness, earliness);
            continue;
        }
        covered.insert(features.begin(), features.end());
        chosen.push_back(MOST - earliness);
    }
    return chosen;
}

base::Result<std::vector<std::string>> ListCorpus(const std::vector<std::string>& directories)
{
    std::vector<std::string> files;
    for (const std::string& directory : directories) {
        std::error_code error;
        for (auto at{fs::recursive_directory_iterator{directory, error}};
             !error && at != fs::recursive_directory_iterator{}; at.increment(error)) {
            if (at->is_regular_file(error)) files.push_back(at->path().string());
        }
        if (error) return base::Error{directory + ": cannot be read: " + error.message()};
    }
    std::ranges::sort(files);
    return files;
}

base::Result<Distilled> Distill(Fuzzer& fuzzer, const schema::Schema& schema, const std::vector<std::string>& from,
                                const std::string& into, const std::function<void(size_t)>& on_file)
{
    Distilled result;
    std::vector<CorpusEntry> entries;
    std::unordered_set<uint32_t> features;
    for (const std::string& file : from) {
        CorpusEntry& entry{entries.emplace_back(CorpusEntry{file, {}, {}})};
        ++result.read;
        const auto text{triage::ReadFile(file)};
        if (!text) return text.GetError();
        if (const auto program{fuzzer.Read(*text)}) {
            const auto run{fuzzer.Run(*program)};
            if (!run) return run.GetError();
            entry.text = program::Print(schema, *program);
            entry.features = FeaturesOf(TheCounters().all);
            features.insert(entry.features.begin(), entry.features.end());
            ++(run->findings.empty() ? result.programs : result.findings);
        }
        if (on_file) on_file(result.read);
    }
    const auto kept{CoveringSet(entries)};
    result.kept = kept.size();
    result.features = features.size();
    std::error_code error;
    fs::create_directories(into, error);
    if (error) return base::Error{into + ": cannot be created: " + error.message()};
    if (auto status{Replace(into, entries, kept)}; !status) return status.GetError();
    return result;
}

} // namespace mpfuzz::engine
