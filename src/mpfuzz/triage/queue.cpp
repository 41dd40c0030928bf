#include <mpfuzz/triage/queue.h>

#include <sys/stat.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace mpfuzz::triage {
std::vector<StoredFinding> Queue::Unfinished()
{
    std::vector<StoredFinding> unfinished;
    for (const std::string& directory : List(m_findings)) {
        struct stat file {
        };
        (void)stat((directory + "/finding.json").c_str(), &file);
        const FileVersion version{file.st_ino, file.st_mtim.tv_sec * 1'000'000'000 + file.st_mtim.tv_nsec};
        const auto known{m_finished.find(directory)};
        if (known != m_finished.end() && known->second == version) continue;
        auto finding{LoadSummary(directory)};
        if (finding && !finding->IsFinished()) {
            unfinished.push_back(std::move(*finding));
        } else {
            m_finished[directory] = version;
        }
    }
    return unfinished;
}

base::Result<std::optional<ClaimedFinding>> Queue::Claim()
{
    auto findings{Unfinished()};
    std::ranges::sort(findings, {}, [](const StoredFinding& finding) {
        return std::tuple{finding.stage, finding.cost.seconds, finding.directory};
    });
    for (const StoredFinding& finding : findings) {
        auto lock{FileLock::TryTake(finding.directory + "/triage.lock")};
        if (!lock) return lock.GetError();
        if (!*lock) continue;
        // Another process may have changed it before this one took the lock.
        auto claimed{Load(finding.directory)};
        if (!claimed) return claimed.GetError();
        if (!claimed->IsFinished()) return std::optional{ClaimedFinding{std::move(*claimed), std::move(**lock)}};
    }
    return std::optional<ClaimedFinding>{};
}

size_t Queue::Count() { return Unfinished().size(); }

} // namespace mpfuzz::triage
