#include <mpfuzz/schema/catalogue.h>
#include <mpfuzz/schema/load.h>
#include <mpfuzz/schema/source_files.h>

#include <capnp/rpc.capnp.h>
#include <capnp/serialize.h>
#include <kj/exception.h>
#include <kj/string-tree.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace mpfuzz::schema {
namespace {

using Loaded = base::Result<std::shared_ptr<const Schema>>;

//! The text of an exception, without control characters. They may come from a malformed message that it quotes.
std::string Wording(const kj::Exception& error)
{
    const auto description{error.getDescription()};
    std::string text{description.begin(), description.size()};
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c >= 0x7f; }, '?');
    return text;
}

Loaded Catalogue(std::shared_ptr<::capnp::SchemaLoader> loader, std::vector<uint64_t> files)
{
    loader->loadCompiledTypeAndDependencies<::capnp::rpc::Message>();
    return Cataloguer{std::move(loader), std::move(files)}.Run();
}

std::vector<std::string> WithStandardPaths(std::span<const std::string> import_paths)
{
    std::vector<std::string> all{import_paths.begin(), import_paths.end()};
    all.emplace_back("/usr/local/include");
    all.emplace_back("/usr/include");
    return all;
}

std::string WhyNot(const std::string& file, Origin origin)
{
    std::error_code error;
    const auto status{std::filesystem::status(file, error)};
    if (std::filesystem::is_directory(status)) return file + ": is a directory: name the .capnp files in it";
    if (std::filesystem::exists(status)) return file + ": cannot be read: it must be a regular file that you may read";
    return file + ": no such file: " +
           (origin == Origin::COMMAND_LINE
                ? "give a path to a .capnp file, absolute or relative to the current directory"
                : "`files` in [schema] must name .capnp files, with absolute paths or relative to the target.toml");
}

//! Parses the files with one parser. After a file with errors, uses a new parser for the next file, because a parser
//! that has reported an error does not report errors in later files.
std::unique_ptr<::capnp::SchemaParser> ParseAll(std::vector<kj::Own<::capnp::SchemaFile>> sources, SourceSet& set,
                                                std::vector<uint64_t>& ids)
{
    auto parser{std::make_unique<::capnp::SchemaParser>()};
    for (auto& source : sources) {
        const std::string before{set.Errors()};
        try {
            ids.push_back(parser->parseFile(std::move(source)).getProto().getId());
        } catch (const kj::Exception&) {
            // If there are errors, they are reported already, and the exception tells nothing new.
            if (set.Errors().empty()) throw;
        }
        if (set.Errors() != before) parser = std::make_unique<::capnp::SchemaParser>();
    }
    return parser;
}

//! Copies the nodes that the parser compiled, and the scopes and files that enclose them. The parser compiles these on
//! demand.
std::shared_ptr<::capnp::SchemaLoader> CopyNodes(const ::capnp::SchemaLoader& from)
{
    for (size_t known{0}, now{from.getAllLoaded().size()}; known != now; now = from.getAllLoaded().size()) {
        known = now;
        for (const auto schema : from.getAllLoaded()) {
            const uint64_t scope{schema.getProto().getScopeId()};
            if (scope != 0) static_cast<void>(from.tryGet(scope));
        }
    }
    auto copy{std::make_shared<::capnp::SchemaLoader>()};
    for (const auto schema : from.getAllLoaded()) copy->loadOnce(schema.getProto());
    return copy;
}

//! Throws if a text or list is malformed. SchemaLoader would also throw, but version 0.9.2 reads the node's name for
//! the message during the unwinding. If the name itself is malformed, this never ends.
void ReadAll(::capnp::schema::CodeGeneratorRequest::Reader request) { static_cast<void>(kj::strTree(request)); }

} // namespace

Loaded LoadFiles(std::span<const std::string> files, std::span<const std::string> import_paths, Origin origin)
{
    if (files.empty()) return base::Error{"no schema files: name at least one .capnp file"};
    const auto set{std::make_shared<SourceSet>(WithStandardPaths(import_paths), origin)};
    std::vector<kj::Own<::capnp::SchemaFile>> sources;
    std::vector<uint64_t> ids;
    std::string missing;
    for (const std::string& file : files) {
        if (auto source{SourceFile::Open(set, file)}) {
            sources.push_back(std::move(*source));
        } else {
            missing += (missing.empty() ? "" : "\n") + WhyNot(file, origin);
        }
    }
    if (!missing.empty()) return base::Error{missing};
    try {
        const auto parser{ParseAll(std::move(sources), *set, ids)};
        if (!set->Errors().empty()) return base::Error{set->Errors()};
        auto loader{CopyNodes(ParserLoader(*parser))};
        // While the scopes were compiled, further errors may have been reported.
        if (!set->Errors().empty()) return base::Error{set->Errors()};
        return Catalogue(std::move(loader), std::move(ids));
    } catch (const kj::Exception& error) {
        return base::Error{files.front() + ": cannot be compiled: " + Wording(error)};
    }
}

Loaded LoadRequest(std::string_view request)
{
    const auto wrong{[](const std::string& what) {
        return base::Error{"not a CodeGeneratorRequest as `capnp compile -o-` writes it: " + what};
    }};
    if (request.empty()) return wrong("it is empty");
    if (request.size() % sizeof(::capnp::word) != 0) return wrong("its size is not a multiple of 8 bytes");
    std::vector<::capnp::word> words(request.size() / sizeof(::capnp::word));
    std::memcpy(words.data(), request.data(), request.size());
    try {
        ::capnp::ReaderOptions options;
        options.traversalLimitInWords = std::max<uint64_t>(options.traversalLimitInWords, words.size() * 8);
        ::capnp::FlatArrayMessageReader reader{kj::arrayPtr(words.data(), words.size()), options};
        const auto root{reader.getRoot<::capnp::schema::CodeGeneratorRequest>()};
        ReadAll(root);
        auto loader{std::make_shared<::capnp::SchemaLoader>()};
        for (const auto node : root.getNodes()) loader->loadOnce(node);
        std::vector<uint64_t> files;
        for (const auto file : root.getRequestedFiles()) files.push_back(file.getId());
        if (files.empty()) return wrong("it names no files");
        return Catalogue(std::move(loader), std::move(files));
    } catch (const kj::Exception& error) {
        return wrong(Wording(error));
    }
}

} // namespace mpfuzz::schema
