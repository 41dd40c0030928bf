#include <mpfuzz/schema/declarations.h>

#include <algorithm>
#include <limits>
#include <set>
#include <tuple>

namespace mpfuzz::schema {
namespace {

constexpr uint32_t UNRANKED{std::numeric_limits<uint32_t>::max()};

std::string_view View(::capnp::Text::Reader text) { return {text.begin(), text.size()}; }

//! The display name without its file: `dir/g.capnp:Store.put$Params` → `Store.put$Params`.
std::string_view AfterFile(std::string_view display_name)
{
    return display_name.substr(display_name.rfind(':') + 1); // npos + 1 is 0
}

std::string_view FilePath(std::string_view display_name) { return display_name.substr(0, display_name.rfind(':')); }

Declaration ToDeclaration(::capnp::Schema schema)
{
    const auto node{schema.getProto()};
    const std::string_view display_name{View(node.getDisplayName())};
    Declaration declaration;
    declaration.schema = schema;
    declaration.id = node.getId();
    declaration.parent = node.getScopeId();
    declaration.file_path = FilePath(display_name);
    const std::string_view scoped{AfterFile(display_name)};
    declaration.name = scoped.substr(scoped.rfind('.') + 1);
    declaration.is_group = node.isStruct() && node.getStruct().getIsGroup();
    declaration.rank = UNRANKED;
    return declaration;
}

} // namespace

std::string_view BaseName(std::string_view path) { return path.substr(path.rfind('/') + 1); }

Declarations::Declarations(const ::capnp::SchemaLoader& loader)
{
    for (const auto schema : loader.getAllLoaded()) m_by_id.emplace(schema.getProto().getId(), ToDeclaration(schema));
    AdoptMethodStructs();
    for (auto& [id, declaration] : m_by_id) FindFile(declaration);
    Rank();
}

// A struct that is declared inline at a method has no scope id, although it uses the type parameters of the interface.
void Declarations::AdoptMethodStructs()
{
    const auto adopt{[&](uint64_t struct_id, uint64_t interface) {
        const auto found{m_by_id.find(struct_id)};
        if (found == m_by_id.end() || found->second.parent != 0) return;
        found->second.parent = interface;
        found->second.is_method_struct = true;
    }};
    for (const auto& [id, declaration] : m_by_id) {
        const auto node{declaration.schema.getProto()};
        if (!node.isInterface()) continue;
        for (const auto method : node.getInterface().getMethods()) {
            adopt(method.getParamStructType(), id);
            adopt(method.getResultStructType(), id);
        }
    }
}

void Declarations::FindFile(Declaration& declaration)
{
    std::set<uint64_t> seen; // in a malformed request, a node may enclose itself
    uint64_t id{declaration.id};
    for (auto at{m_by_id.find(id)}; at != m_by_id.end() && at->second.parent != 0 && seen.insert(id).second;
         at = m_by_id.find(id)) {
        id = at->second.parent;
    }
    declaration.file = id;
    if (const Declaration * file{Find(id)}; file && file->schema.getProto().isFile()) {
        declaration.file_path = View(file->schema.getProto().getDisplayName());
    }
}

void Declarations::Rank()
{
    std::vector<Declaration*> roots;
    for (auto& [id, declaration] : m_by_id) {
        if (declaration.parent == declaration.file || declaration.parent == 0) roots.push_back(&declaration);
    }
    // A file's node lists its declarations in the order of the source.
    std::sort(roots.begin(), roots.end(), [](const Declaration* a, const Declaration* b) {
        const auto key{[](const Declaration& declaration) {
            return std::tuple{BaseName(declaration.file_path), declaration.file, declaration.parent != 0,
                              declaration.id};
        }};
        return key(*a) < key(*b);
    });
    uint32_t next{0};
    for (const Declaration* root : roots) RankFrom(root->id, next);
}

void Declarations::RankFrom(uint64_t id, uint32_t& next)
{
    const auto found{m_by_id.find(id)};
    if (found == m_by_id.end() || found->second.rank != UNRANKED) return;
    found->second.rank = next++;
    const auto node{found->second.schema.getProto()};
    if (node.isStruct()) {
        std::map<uint16_t, uint64_t> groups;
        for (const auto field : node.getStruct().getFields()) {
            if (field.isGroup()) groups.emplace(field.getCodeOrder(), field.getGroup().getTypeId());
        }
        for (const auto& [code_order, group] : groups) RankFrom(group, next);
    } else if (node.isInterface()) {
        for (const auto method : node.getInterface().getMethods()) {
            RankUnlessNamed(method.getParamStructType(), next);
            RankUnlessNamed(method.getResultStructType(), next);
        }
    }
    for (const auto nested : node.getNestedNodes()) RankFrom(nested.getId(), next);
}

void Declarations::RankUnlessNamed(uint64_t struct_id, uint32_t& next)
{
    const Declaration* declaration{Find(struct_id)};
    if (declaration && declaration->is_method_struct) RankFrom(struct_id, next);
}

const Declaration* Declarations::Find(uint64_t id) const
{
    const auto found{m_by_id.find(id)};
    return found == m_by_id.end() ? nullptr : &found->second;
}

std::vector<const Declaration*> Declarations::Chain(uint64_t id) const
{
    std::vector<const Declaration*> chain;
    for (const Declaration* at{Find(id)}; at && !at->schema.getProto().isFile(); at = Find(at->parent)) {
        if (std::find(chain.begin(), chain.end(), at) != chain.end()) break; // a malformed request: see FindFile
        chain.push_back(at);
    }
    std::reverse(chain.begin(), chain.end());
    return chain;
}

std::string Declarations::ScopedName(uint64_t id) const
{
    std::string name;
    for (const Declaration* declaration : Chain(id)) name += (name.empty() ? "" : ".") + declaration->name;
    return name;
}

std::vector<const Declaration*> Declarations::InFiles(const std::vector<uint64_t>& files) const
{
    std::vector<const Declaration*> declarations;
    for (const auto& [id, declaration] : m_by_id) {
        const bool wanted{std::find(files.begin(), files.end(), declaration.file) != files.end()};
        if (wanted && !declaration.schema.getProto().isFile()) declarations.push_back(&declaration);
    }
    std::sort(declarations.begin(), declarations.end(),
              [](const Declaration* a, const Declaration* b) { return a->rank < b->rank; });
    return declarations;
}

} // namespace mpfuzz::schema
