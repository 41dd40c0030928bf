#include <mpfuzz/schema/source_files.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/base/file.h>

#include <algorithm>
#include <system_error>

namespace mpfuzz::schema {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view IMPORT_FAILED{"Import failed: "};

} // namespace

void SourceSet::Report(std::string_view file, unsigned line, unsigned column, std::string message)
{
    if (message.starts_with(IMPORT_FAILED)) {
        const std::string wanted{message.substr(IMPORT_FAILED.size())};
        if (wanted.starts_with('/')) {
            message += "; it is in none of the import paths: add the directory that holds " + wanted.substr(1) +
                       (m_origin == Origin::COMMAND_LINE ? " with -I" : " to `import_paths` in [schema]") +
                       " (searched:";
            for (const std::string& directory : m_import_paths) message += " " + directory;
            message += ")";
        } else {
            message += "; there is no such file beside " + std::string{file};
        }
    }
    m_errors.emplace_back(file, line, column, std::move(message));
}

std::string SourceSet::Errors() const
{
    auto errors{m_errors};
    std::sort(errors.begin(), errors.end());
    errors.erase(std::unique(errors.begin(), errors.end()), errors.end());
    std::string text;
    for (const auto& [file, line, column, message] : errors) {
        text += (text.empty() ? "" : "\n") + file + ":" + std::to_string(line) + ":" + std::to_string(column) +
                ": error: " + message;
    }
    return text;
}

std::optional<kj::Own<::capnp::SchemaFile>> SourceFile::Open(std::shared_ptr<SourceSet> set, const std::string& path)
{
    auto content{base::ReadFile(path)};
    if (!content) return std::nullopt;
    std::error_code error;
    fs::path real_path{fs::canonical(path, error)};
    if (error) real_path = path;
    kj::Own<::capnp::SchemaFile> file{
        kj::heap<SourceFile>(std::move(set), path, std::move(real_path), std::move(*content))};
    return file;
}

SourceFile::SourceFile(std::shared_ptr<SourceSet> set, std::string path, fs::path real_path, std::string content)
    : m_set{std::move(set)}, m_path{std::move(path)}, m_real_path{std::move(real_path)}, m_content{std::move(content)}
{
}

kj::StringPtr SourceFile::getDisplayName() const { return {m_path.c_str(), m_path.size()}; }

kj::Array<const char> SourceFile::readContent() const { return kj::heapArray(m_content.data(), m_content.size()); }

kj::Maybe<kj::Own<::capnp::SchemaFile>> SourceFile::import(kj::StringPtr path) const
{
    const std::string wanted{path.begin(), path.size()};
    std::vector<fs::path> candidates;
    if (wanted.starts_with('/')) {
        for (const std::string& directory : m_set->ImportPaths())
            candidates.push_back(fs::path{directory} / wanted.substr(1));
    } else {
        candidates.push_back(fs::path{m_path}.parent_path() / wanted);
    }
    for (const fs::path& candidate : candidates) {
        if (auto file{Open(m_set, candidate.lexically_normal().string())}) return std::move(*file);
    }
    return nullptr;
}

bool SourceFile::operator==(const ::capnp::SchemaFile& other) const
{
    return m_real_path == static_cast<const SourceFile&>(other).m_real_path; // our parsers only get files of this class
}

bool SourceFile::operator!=(const ::capnp::SchemaFile& other) const { return !(*this == other); }

size_t SourceFile::hashCode() const { return fs::hash_value(m_real_path); }

void SourceFile::reportError(SourcePos start, SourcePos /*end*/, kj::StringPtr message) const
{
    m_set->Report(m_path, start.line + 1, start.column + 1, std::string{message.begin(), message.size()});
}

namespace {

//! The type that selects our specialisation. It also stores the result, because the template returns void.
struct Finder {
    static thread_local const ::capnp::SchemaLoader* found;
};
thread_local const ::capnp::SchemaLoader* Finder::found{nullptr};

} // namespace
} // namespace mpfuzz::schema

template<>
void capnp::SchemaLoader::loadCompiledTypeAndDependencies<mpfuzz::schema::Finder>()
{
    mpfuzz::schema::Finder::found = this;
}

namespace mpfuzz::schema {

const ::capnp::SchemaLoader& ParserLoader(::capnp::SchemaParser& parser)
{
    parser.loadCompiledTypeAndDependencies<Finder>();
    CHECK(Finder::found);
    return *Finder::found;
}

} // namespace mpfuzz::schema
