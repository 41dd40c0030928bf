#pragma once

#include <mpfuzz/base/check.h>
#include <mpfuzz/schema/load.h>

#include <array>
#include <memory>
#include <string>

//! For tests of the domains only.
namespace mpfuzz::domains::multiprocess {

//! The schema of targets/model_node, loaded once.
inline std::shared_ptr<const schema::Schema> ModelNodeSchema()
{
    static const auto SCHEMA{[] {
        const std::array<std::string, 1> files{MPFUZZ_SOURCE_DIR "/targets/model_node/schema/init.capnp"};
        const std::array<std::string, 1> imports{MPFUZZ_SOURCE_DIR "/targets/schema"};
        auto loaded{schema::LoadFiles(files, imports)};
        CHECK(loaded, loaded.GetError().message);
        return *loaded;
    }()};
    return SCHEMA;
}

} // namespace mpfuzz::domains::multiprocess
