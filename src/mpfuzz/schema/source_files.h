#pragma once

// Private to this folder: uses Cap'n Proto.

#include <mpfuzz/schema/load.h>

#include <capnp/schema-parser.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace mpfuzz::schema {

//! Data that all files of one load share: the import paths, and the errors so far.
class SourceSet
{
public:
    SourceSet(std::vector<std::string> import_paths, Origin origin)
        : m_import_paths{std::move(import_paths)}, m_origin{origin}
    {
    }

    //! @param line, column  Counted from 1.
    void Report(std::string_view file, unsigned line, unsigned column, std::string message);

    //! All errors, one per line, without duplicates, sorted by file and position. Empty if there are none.
    std::string Errors() const;

    const std::vector<std::string>& ImportPaths() const { return m_import_paths; }

private:
    std::vector<std::string> m_import_paths;
    Origin m_origin;
    std::vector<std::tuple<std::string, unsigned, unsigned, std::string>> m_errors;
};

// libcapnpc deletes files through the kj::Own that created them: their base class has no virtual destructor.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"

//! One source file for Cap'n Proto's parser. Unlike libcapnpc's own class, it continues after an error, reports
//! columns, accepts `..` in imports, and reports paths as the user wrote them.
class SourceFile final : public ::capnp::SchemaFile
{
public:
    //! Returns nullopt if the file cannot be read.
    static std::optional<kj::Own<::capnp::SchemaFile>> Open(std::shared_ptr<SourceSet> set, const std::string& path);

    SourceFile(std::shared_ptr<SourceSet> set, std::string path, std::filesystem::path real_path, std::string content);

    kj::StringPtr getDisplayName() const override;
    kj::Array<const char> readContent() const override;
    kj::Maybe<kj::Own<::capnp::SchemaFile>> import(kj::StringPtr path) const override;
    bool operator==(const ::capnp::SchemaFile& other) const override;
    bool operator!=(const ::capnp::SchemaFile& other) const override;
    size_t hashCode() const override;
    void reportError(SourcePos start, SourcePos end, kj::StringPtr message) const override;

private:
    std::shared_ptr<SourceSet> m_set;
    std::string m_path;
    std::filesystem::path m_real_path;
    std::string m_content;
};

#pragma GCC diagnostic pop

//! The SchemaLoader inside a parser. It contains everything that the parser has compiled, and compiles the rest of the
//! parsed files on demand. Valid as long as the parser exists. Cap'n Proto has no accessor for it, but a public member
//! template of the parser uses it; the .cpp specialises this template.
const ::capnp::SchemaLoader& ParserLoader(::capnp::SchemaParser& parser);

} // namespace mpfuzz::schema
