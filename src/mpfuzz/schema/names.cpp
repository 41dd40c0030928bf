#include <mpfuzz/schema/builtin_types.h>
#include <mpfuzz/schema/convert.h>
#include <mpfuzz/schema/names.h>

#include <algorithm>
#include <vector>

namespace mpfuzz::schema {
namespace {

//! The last `parts` parts of a path. Returns the whole path if it has fewer.
std::string_view PathSuffix(std::string_view path, size_t parts)
{
    size_t start{path.size()};
    for (; parts > 0 && start != 0; --parts) {
        const size_t slash{start == path.size() ? path.rfind('/') : path.rfind('/', start - 2)};
        start = slash == std::string_view::npos ? 0 : slash + 1;
    }
    return path.substr(start);
}

//! The prefix of a name. A higher level gives a longer prefix: none, the name of the file, longer parts of its path,
//! and at last its id.
std::string Prefix(const Declaration& declaration, size_t level)
{
    if (level == 0) return "";
    const std::string_view path{declaration.file_path};
    const size_t parts{static_cast<size_t>(std::count(path.begin(), path.end(), '/')) + 1};
    if (level <= parts) return std::string{PathSuffix(path, level)} + ":";
    return std::string{BaseName(path)} + "@" + std::to_string(declaration.file) + ":";
}

std::set<std::string> ReservedNames()
{
    std::set<std::string> names{std::string{LIST_NAME}};
    for (const auto& [kind, name] : BUILTIN_TYPES) names.emplace(name);
    return names;
}

} // namespace

Names::Names(const Declarations& declarations, const std::set<uint64_t>& listed, const std::set<uint64_t>& builtin)
    : m_declarations{declarations}
{
    std::set<std::string> taken{ReservedNames()};
    std::set<uint64_t> open;
    size_t last_level{0};
    for (const uint64_t id : listed) {
        const Declaration* declaration{declarations.Find(id)};
        if (!declaration) continue;
        if (builtin.contains(id)) {
            m_prefixes[id] = Prefix(*declaration, 1);
            taken.insert(m_prefixes[id] + declarations.ScopedName(id));
        } else {
            open.insert(id);
            const auto& path{declaration->file_path};
            last_level = std::max(last_level, static_cast<size_t>(std::count(path.begin(), path.end(), '/')) + 2);
        }
    }
    for (size_t level{0}; level <= last_level && !open.empty(); ++level) {
        std::map<std::string, std::vector<uint64_t>> claims;
        for (const uint64_t id : open) {
            claims[Prefix(*declarations.Find(id), level) + declarations.ScopedName(id)].push_back(id);
        }
        for (const auto& [name, ids] : claims) {
            if (level < last_level && (ids.size() > 1 || taken.contains(name))) continue;
            for (const uint64_t id : ids) {
                m_prefixes[id] = Prefix(*declarations.Find(id), level);
                open.erase(id);
            }
            taken.insert(name);
        }
    }
}

std::string Names::Of(::capnp::Schema schema) const
{
    const auto bounded{Bounded(m_declarations, schema)};
    const auto prefix{m_prefixes.find(bounded.getProto().getId())};
    std::string name;
    for (const BoundScope& scope : BoundScopes(m_declarations, bounded)) {
        if (!name.empty()) name += ".";
        name += scope.declaration->name;
        std::string separator{"("};
        for (const auto& argument : scope.arguments) {
            name += separator + Of(argument);
            separator = ", ";
        }
        if (!scope.arguments.empty()) name += ")";
    }
    return prefix == m_prefixes.end() ? name : prefix->second + name;
}

std::string Names::Of(::capnp::Type type) const
{
    if (type.isList()) return std::string{LIST_NAME} + "(" + Of(type.asList().getElementType()) + ")";
    if (type.isStruct()) return Of(type.asStruct());
    if (type.isInterface()) return Of(type.asInterface());
    if (type.isEnum()) return Of(type.asEnum());
    const Kind kind{PlainKind(type)};
    const auto found{std::find_if(BUILTIN_TYPES.begin(), BUILTIN_TYPES.end(),
                                  [&](const auto& builtin) { return builtin.first == kind; })};
    return std::string{found == BUILTIN_TYPES.end() ? "AnyPointer" : found->second};
}

} // namespace mpfuzz::schema
