#include <mpfuzz/triage/store.h>

#include <mpfuzz/base/digest.h>
#include <mpfuzz/triage/files.h>
#include <mpfuzz/triage/finding_files.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <unistd.h>

namespace mpfuzz::triage {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view JSON{"finding.json"};
constexpr std::string_view PROGRAM{"program.mpf"};
constexpr std::string_view MINIMAL{"minimal.mpf"};
constexpr std::string_view TITLE{"title"};
constexpr std::string_view TRACE{"trace.txt"};
constexpr std::string_view LOG{"target.log"};
constexpr std::string_view SCRIPT{"reproduce.sh"};

//! Part of the name of a directory that is not yet complete. It has dots, because kinds and hashes have none.
constexpr std::string_view UNFINISHED{".unfinished."};

std::string In(const std::string& directory, std::string_view file) { return directory + "/" + std::string{file}; }

bool Exists(const std::string& path)
{
    std::error_code ignored;
    return fs::exists(path, ignored);
}

//! Writes all files of a finding. Stops at the first file that cannot be written, and returns that error.
base::Status WriteAll(const std::string& directory, const Record& record, const StoredFinding& finding)
{
    struct File {
        std::string_view name;
        std::string content;
        bool executable{false};
    };
    std::vector<File> files{{TITLE, record.identity.title + "\n"},
                            {LOG, record.target_log},
                            {SCRIPT, ReproduceScript(finding.record), true},
                            {JSON, FindingToJson(finding)}};
    if (record.driver.empty()) {
        files.push_back({PROGRAM, record.program});
        files.push_back({TRACE, record.trace});
    }
    if (record.minimal) files.push_back({MINIMAL, *record.minimal});
    for (const File& file : files) {
        if (auto status{WriteFile(In(directory, file.name), file.content, file.executable)}; !status) return status;
    }
    return SyncDirectory(directory);
}

base::Result<StoredFinding> LoadJson(const std::string& directory)
{
    const std::string path{In(directory, JSON)};
    const auto text{ReadFile(path)};
    if (!text) return text.GetError();
    auto finding{FindingFromJson(*text)};
    if (!finding) return base::Error{path + ": " + finding.GetError().message};
    finding->directory = directory;
    return finding;
}

//! Makes a path absolute, whether it exists or not.
std::string Absolute(const std::string& path)
{
    std::error_code error;
    const fs::path absolute{fs::absolute(path, error)};
    return path.empty() || error ? path : absolute.lexically_normal().string();
}

//! A directory whose destructor removes it, unless it has been renamed.
class UnfinishedDirectory
{
public:
    explicit UnfinishedDirectory(std::string path) : m_path{std::move(path)} {}
    UnfinishedDirectory(const UnfinishedDirectory&) = delete;
    UnfinishedDirectory& operator=(const UnfinishedDirectory&) = delete;
    ~UnfinishedDirectory()
    {
        std::error_code ignored;
        fs::remove_all(m_path, ignored);
    }
    const std::string& Path() const { return m_path; }

private:
    std::string m_path;
};

} // namespace

std::string StoredFinding::SmallestProgramPath() const
{
    const std::string minimal{In(directory, MINIMAL)};
    return Exists(minimal) ? minimal : In(directory, PROGRAM);
}

std::string Timestamp()
{
    const std::time_t now{std::time(nullptr)};
    std::tm utc{};
    gmtime_r(&now, &utc);
    char text[32];
    std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
    return text;
}

std::string DirectoryName(const Identity& identity)
{
    return identity.kind + "-" + base::DigestHex(identity.kind + "\n" + identity.title);
}

base::Result<uint64_t> CountFindingReport(const std::string& findings, const Identity& identity, std::string_view time)
{
    const std::string directory{In(findings, DirectoryName(identity))};
    if (!IsFinding(directory)) return uint64_t{0};
    const auto lock{DirectoryLock::Take(directory)};
    if (!lock) return lock.GetError();
    auto finding{LoadJson(directory)};
    if (!finding) return finding.GetError();
    ++finding->occurrences;
    finding->last_seen = time;
    if (auto status{WriteFile(In(directory, JSON), FindingToJson(*finding))}; !status) return status.GetError();
    return finding->occurrences;
}

base::Result<Saved> Save(const std::string& findings, const Record& record)
{
    const std::string directory{In(findings, DirectoryName(record.identity))};
    const auto count{CountFindingReport(findings, record.identity, record.time)};
    if (!count) return count.GetError();
    if (*count > 0) return Saved{directory, *count};

    const UnfinishedDirectory unfinished{
        In(findings, DirectoryName(record.identity) + std::string{UNFINISHED} + std::to_string(::getpid()))};
    std::error_code error;
    fs::create_directories(unfinished.Path(), error);
    if (error) return base::Error{"cannot make the directory " + unfinished.Path() + ": " + error.message()};

    StoredFinding finding{.record = record, .directory = directory, .last_seen = record.time};
    finding.record.target_toml = Absolute(record.target_toml);
    finding.record.other_toml = Absolute(record.other_toml);
    if (auto status{WriteAll(unfinished.Path(), record, finding)}; !status) return status.GetError();

    fs::rename(unfinished.Path(), directory, error);
    if (error && IsFinding(directory)) return Save(findings, record); // another process has stored it first
    if (error) return base::Error{"cannot make " + directory + ": " + error.message()};
    if (auto status{SyncDirectory(findings)}; !status) return status.GetError();
    return Saved{directory, 1};
}

base::Status SaveMinimal(const std::string& directory, std::string_view program, const Verdict& verdict)
{
    const auto lock{DirectoryLock::Take(directory)};
    if (!lock) return lock.GetError();
    auto finding{LoadJson(directory)};
    if (!finding) return finding.GetError();
    finding->record.verdict = verdict;
    if (auto status{WriteFile(In(directory, MINIMAL), program)}; !status) return status;
    if (auto status{WriteFile(In(directory, JSON), FindingToJson(*finding))}; !status) return status;
    return SyncDirectory(directory);
}

base::Result<StoredFinding> Load(const std::string& directory)
{
    auto finding{LoadJson(directory)};
    if (!finding) return finding.GetError();
    struct Part {
        std::string_view file;
        std::string* content;
    };
    Record& record{finding->record};
    std::vector<Part> parts{{LOG, &record.target_log}};
    if (record.driver.empty()) {
        parts.push_back({PROGRAM, &record.program});
        parts.push_back({TRACE, &record.trace});
    }
    for (const auto& [file, content] : parts) {
        auto text{ReadFile(In(directory, file))};
        if (!text) return text.GetError();
        *content = std::move(*text);
    }
    if (Exists(In(directory, MINIMAL))) {
        auto text{ReadFile(In(directory, MINIMAL))};
        if (!text) return text.GetError();
        record.minimal = std::move(*text);
    }
    return finding;
}

bool IsFinding(const std::string& path)
{
    std::error_code ignored;
    return fs::is_regular_file(In(path, JSON), ignored);
}

std::vector<std::string> List(const std::string& findings)
{
    std::vector<std::string> directories;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator{findings, error}) {
        const std::string path{entry.path().string()};
        const bool unfinished{entry.path().filename().string().find(UNFINISHED) != std::string::npos};
        if (!unfinished && IsFinding(path)) directories.push_back(path);
    }
    std::sort(directories.begin(), directories.end());
    return directories;
}

} // namespace mpfuzz::triage
