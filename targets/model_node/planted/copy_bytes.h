// The planted bug `empty-vector`: a copy of nothing to nowhere.
#pragma once

#include <targets/model_node/bugs.h>
#include <targets/model_node/chain/block.h>

#include <capnp/blob.h>

#include <cstring>
#include <vector>

#if defined(__has_feature)
#if __has_feature(undefined_behavior_sanitizer)
#define MODEL_NODE_HAS_UBSAN
#endif
#endif

namespace mpfuzz::model_node::planted {

//! A copy of `data`.
inline Bytes CopyBytes(capnp::Data::Reader data)
{
    std::vector<char> bytes(data.size());
    // PLANTED BUG empty-vector: an empty vector has no memory to copy to. Where no UBSan says so, this does.
#ifndef MODEL_NODE_HAS_UBSAN
    MODEL_NODE_ASSERT(bytes.data() != nullptr);
#endif
    std::memcpy(bytes.data(), data.begin(), data.size());
    return {bytes.begin(), bytes.end()};
}

} // namespace mpfuzz::model_node::planted
