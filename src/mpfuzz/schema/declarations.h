#pragma once

// Private to this folder: uses Cap'n Proto.

#include <capnp/schema-loader.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mpfuzz::schema {

//! A node of a SchemaLoader, and its position in the source. A generic type has only one node, without bindings.
struct Declaration {
    ::capnp::Schema schema;
    uint64_t id{0};
    uint64_t parent{
        0}; //!< id of the enclosing node: the interface of a method's struct, the file at the top, 0 for a file
    uint64_t file{0};      //!< id of its file, even if the file itself is not loaded
    std::string file_path; //!< as given to the compiler
    std::string name;      //!< last part of its name, such as `Inner` or `get$Params`
    bool is_group{false};
    bool is_method_struct{false};
    uint32_t rank{0}; //!< position among all: files by base name, then declaration order
};

//! All nodes of a loader. Find them by id, or list them in the order of their ranks. Ranks depend on the declarations
//! and the base names of their files, not on the order of loading.
class Declarations
{
public:
    explicit Declarations(const ::capnp::SchemaLoader& loader);

    //! Returns nullptr if no such node is loaded.
    const Declaration* Find(uint64_t id) const;

    //! The node and all nodes that enclose it, outermost first. Without the node of the file.
    std::vector<const Declaration*> Chain(uint64_t id) const;

    //! Names of the chain, joined by dots.
    std::string ScopedName(uint64_t id) const;

    //! All declarations in these files, ordered by rank. Without the nodes of the files.
    std::vector<const Declaration*> InFiles(const std::vector<uint64_t>& files) const;

private:
    void AdoptMethodStructs();
    void FindFile(Declaration& declaration);
    void Rank();
    void RankFrom(uint64_t id, uint32_t& next);
    void RankUnlessNamed(uint64_t struct_id, uint32_t& next);

    std::map<uint64_t, Declaration> m_by_id;
};

//! The last part of a path: `src/ipc/capnp/mining.capnp` → `mining.capnp`.
std::string_view BaseName(std::string_view path);

} // namespace mpfuzz::schema
