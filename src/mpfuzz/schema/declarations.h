#pragma once

// Private to this folder: speaks Cap'n Proto.

#include <capnp/schema-loader.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mpfuzz::schema {

//! Where one node of a SchemaLoader stands in the source. All by id, without bindings.
struct Declaration {
    ::capnp::Schema schema;
    uint64_t id{0};
    uint64_t parent{0};    //!< what encloses it: of a method's struct its interface; at the top its file; of a file 0
    uint64_t file{0};      //!< id of its file, loaded or not
    std::string file_path; //!< as the compiler was given it
    std::string name;      //!< last part of its name, such as `Inner` or `get$Params`
    bool is_group{false};
    bool is_method_struct{false};
    uint32_t rank{0}; //!< position among all: files by base name, then declaration order
};

//! All nodes of a loader, by id, ranked. The rank depends on the declarations and the base names of
//! their files, not on how the nodes came to be loaded.
class Declarations
{
public:
    explicit Declarations(const ::capnp::SchemaLoader& loader);

    //! nullptr where no such node is loaded.
    const Declaration* Find(uint64_t id) const;

    //! Itself and what encloses it within its file, outermost first; the file itself left out.
    std::vector<const Declaration*> Chain(uint64_t id) const;

    //! Names of the chain, joined by dots.
    std::string ScopedName(uint64_t id) const;

    //! All of these files' declarations, by rank; files themselves left out.
    std::vector<const Declaration*> InFiles(const std::vector<uint64_t>& files) const;

private:
    void AdoptMethodStructs();
    void FindFile(Declaration& declaration);
    void Rank();
    void RankFrom(uint64_t id, uint32_t& next);
    void RankUnlessNamed(uint64_t struct_id, uint32_t& next);

    std::map<uint64_t, Declaration> m_by_id;
};

//! `mining.capnp` of `src/ipc/capnp/mining.capnp`.
std::string_view BaseName(std::string_view path);

} // namespace mpfuzz::schema
