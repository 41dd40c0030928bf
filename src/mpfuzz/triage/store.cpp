#include <mpfuzz/triage/store.h>

#include <mpfuzz/base/digest.h>
#include <mpfuzz/triage/files.h>
#include <mpfuzz/triage/finding_files.h>
#include <mpfuzz/triage/report_text.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
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
constexpr std::string_view REPORT{"report.md"};

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

//! Number of steps of a program: the canonical text has a line for each.
size_t CountSteps(std::string_view program) { return static_cast<size_t>(std::ranges::count(program, '\n')); }

//! Paths of the witnesses that exist, oldest first.
std::vector<std::string> WitnessPaths(const std::string& directory)
{
    std::vector<std::string> paths;
    for (size_t number{1}; number <= MAX_WITNESSES; ++number) {
        std::string path{In(directory, "witness-" + std::to_string(number) + ".json")};
        if (Exists(path)) paths.push_back(std::move(path));
    }
    return paths;
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

std::string LogOf(const trace::Ending& ending)
{
    return ending.log_tail + (ending.stacks.empty() ? "" : "\n") + ending.stacks;
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

uint64_t DigestOf(const Identity& identity)
{
    return base::Digest64(std::string{observe::Name(identity.kind)} + "\n" + identity.title);
}

std::string DirectoryName(const Identity& identity) { return DirectoryName(identity.kind, DigestOf(identity)); }

std::string DirectoryName(observe::FindingKind kind, uint64_t digest)
{
    char hex[17];
    std::snprintf(hex, sizeof(hex), "%016llx", static_cast<unsigned long long>(digest));
    return std::string{observe::Name(kind)} + "-" + hex;
}

base::Result<Saved> Save(const std::string& findings, const Record& record, const Witness* witness)
{
    const std::string directory{In(findings, DirectoryName(record.identity))};
    if (IsFinding(directory)) {
        const auto counted{Update(directory, [&](StoredFinding& finding) {
            ++finding.occurrences;
            finding.last_seen = record.time;
        })};
        if (!counted) return counted.GetError();
        return Saved{directory, false};
    }

    const UnfinishedDirectory unfinished{
        In(findings, DirectoryName(record.identity) + std::string{UNFINISHED} + std::to_string(::getpid()))};
    std::error_code error;
    fs::create_directories(unfinished.Path(), error);
    if (error) return base::Error{"cannot make the directory " + unfinished.Path() + ": " + error.message()};

    StoredFinding finding{.record = record, .directory = directory, .last_seen = record.time};
    finding.record.target_toml = Absolute(record.target_toml);
    finding.record.other_toml = Absolute(record.other_toml);
    finding.steps = CountSteps(record.minimal.value_or(record.program));
    if (witness) {
        auto status{WriteFile(In(unfinished.Path(), "witness-1.json"), WitnessToJson(*witness))};
        if (!status) return status.GetError();
    }
    if (auto status{WriteAll(unfinished.Path(), record, finding)}; !status) return status.GetError();
    if (auto status{WriteReport(unfinished.Path())}; !status) return status.GetError();

    fs::rename(unfinished.Path(), directory, error);
    if (error && IsFinding(directory)) return Save(findings, record, witness); // another process has stored it first
    if (error) return base::Error{"cannot make " + directory + ": " + error.message()};
    if (auto status{SyncDirectory(findings)}; !status) return status.GetError();
    return Saved{directory, true};
}

base::Status AddWitness(const std::string& directory, const Witness& witness)
{
    const size_t number{WitnessPaths(directory).size() + 1};
    if (number > MAX_WITNESSES) return base::Ok();
    auto status{WriteFile(In(directory, "witness-" + std::to_string(number) + ".json"), WitnessToJson(witness))};
    if (!status) return status;
    return Update(directory, [](StoredFinding& finding) { finding.stage = Stage::REPLAY; });
}

base::Result<std::optional<Witness>> LoadWitness(const std::string& directory)
{
    const auto paths{WitnessPaths(directory)};
    if (paths.empty()) return std::optional<Witness>{};
    const auto text{ReadFile(paths.back())};
    if (!text) return text.GetError();
    auto witness{WitnessFromJson(*text)};
    if (!witness) return base::Error{paths.back() + ": " + witness.GetError().message};
    return std::optional{std::move(*witness)};
}

bool WantsWitness(const StoredFinding& finding)
{
    return finding.stage == Stage::DONE && finding.record.driver.empty() &&
           (finding.record.verdict.hits == 0 || !IsAlways(finding.record.verdict));
}

void RemoveWitnesses(const std::string& directory)
{
    std::error_code ignored;
    for (const std::string& path : WitnessPaths(directory)) fs::remove(path, ignored);
}

base::Status SaveMinimal(const std::string& directory, const ShownProgram& shown)
{
    struct Part {
        std::string_view file;
        const std::string& content;
    };
    for (const auto& [file, content] : {Part{MINIMAL, shown.program}, {TRACE, shown.trace}, {LOG, shown.target_log}}) {
        if (content.empty()) continue;
        if (auto status{WriteFile(In(directory, file), content)}; !status) return status;
    }
    const auto updated{Update(directory, [&](StoredFinding& finding) {
        finding.record.verdict = shown.verdict;
        if (!shown.program.empty()) finding.steps = CountSteps(shown.program);
        if (!shown.details.empty()) finding.record.details = shown.details;
    })};
    return updated ? WriteReport(directory) : updated;
}

base::Status WriteReport(const std::string& directory)
{
    const auto finding{Load(directory)};
    if (!finding) return finding.GetError();
    const Record& record{finding->record};
    const char* const home{std::getenv("HOME")};
    return WriteFile(In(directory, REPORT), ReportText({.identity = record.identity,
                                                        .verdict = record.verdict,
                                                        .program = record.minimal.value_or(record.program),
                                                        .details = record.details,
                                                        .trace = record.trace,
                                                        .target_log = record.target_log,
                                                        .environment = record.environment,
                                                        .schema_hash = HashText(record.schema_hash),
                                                        .command = ReproduceCommand(record),
                                                        .home = home ? home : ""}));
}

base::Status Update(const std::string& directory, const std::function<void(StoredFinding&)>& change)
{
    const auto lock{DirectoryLock::Take(directory)};
    if (!lock) return lock.GetError();
    auto finding{LoadSummary(directory)};
    if (!finding) return finding.GetError();
    change(*finding);
    if (auto status{WriteFile(In(directory, JSON), FindingToJson(*finding))}; !status) return status;
    return SyncDirectory(directory);
}

base::Result<StoredFinding> LoadSummary(const std::string& directory)
{
    const std::string path{In(directory, JSON)};
    const auto text{ReadFile(path)};
    if (!text) return text.GetError();
    auto finding{FindingFromJson(*text)};
    if (!finding) return base::Error{path + ": " + finding.GetError().message};
    finding->directory = directory;
    return finding;
}

base::Result<StoredFinding> Load(const std::string& directory)
{
    auto finding{LoadSummary(directory)};
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
