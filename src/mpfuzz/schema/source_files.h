#pragma once

// Private to this folder: speaks Cap'n Proto.

#include <capnp/schema-parser.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace mpfuzz::schema {

//! What all files of one load share: where imports are looked for, and what is wrong so far.
class SourceSet
{
public:
    explicit SourceSet(std::vector<std::string> import_paths) : m_import_paths{std::move(import_paths)} {}

    //! @param line, column  Counted from 1.
    void Report(std::string_view file, unsigned line, unsigned column, std::string message);

    //! All errors, by file and place, each once, one a line; empty where all is well.
    std::string Errors() const;

    const std::vector<std::string>& ImportPaths() const { return m_import_paths; }

private:
    std::vector<std::string> m_import_paths;
    std::vector<std::tuple<std::string, unsigned, unsigned, std::string>> m_errors;
};

// libcapnpc deletes files through the kj::Own that made them, and so gives their base no virtual destructor.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"

//! One source file, read from disk, as Cap'n Proto's parser wants it. Unlike libcapnpc's own, it goes on
//! after an error, knows the column, follows `..` out of the directory, and keeps the user's spelling of paths.
class SourceFile final : public ::capnp::SchemaFile
{
public:
    //! Nothing where the file cannot be read.
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

//! The loader inside a parser, which holds all that the parser has compiled and compiles the rest of
//! the files it has seen on demand. Lives as long as the parser. Cap'n Proto shows it to nobody, but
//! does run a public member template on it, which the .cpp specialises.
const ::capnp::SchemaLoader& ParserLoader(::capnp::SchemaParser& parser);

} // namespace mpfuzz::schema
