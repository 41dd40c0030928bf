#pragma once

#include <mpfuzz/schema/load.h>

#include <memory>
#include <string>
#include <vector>

//! For tests only.
namespace mpfuzz::execute {

//! The interfaces of targets/model_node.
inline std::shared_ptr<const schema::Schema> ModelNodeSchema()
{
    static const auto SCHEMA{[] {
        const std::string dir{MPFUZZ_SOURCE_DIR "/targets"};
        return *schema::LoadFiles(std::vector<std::string>{dir + "/model_node/schema/init.capnp"},
                                  std::vector<std::string>{dir + "/schema"});
    }()};
    return SCHEMA;
}

} // namespace mpfuzz::execute
