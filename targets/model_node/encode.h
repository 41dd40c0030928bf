// Conversions between plain values and Cap'n Proto's. Loop thread only.
#pragma once

#include <targets/model_node/chain/block.h>

#include <capnp/blob.h>
#include <capnp/list.h>
#include <kj/common.h>

#include <string>
#include <string_view>

namespace mpfuzz::model_node {

inline capnp::Data::Reader AsData(std::string_view bytes)
{
    return {reinterpret_cast<const kj::byte*>(bytes.data()), bytes.size()};
}

//! Borrows `text`. Keeps NUL bytes: Text may contain any byte.
inline capnp::Text::Reader AsText(const std::string& text) { return {text.c_str(), text.size()}; }

inline std::string ToString(capnp::Text::Reader text) { return {text.cStr(), text.size()}; }

inline std::string_view AsView(capnp::Data::Reader data)
{
    return {reinterpret_cast<const char*>(data.begin()), data.size()};
}

inline Bytes ToBytes(capnp::Data::Reader data) { return Bytes{AsView(data)}; }

//! A hash from the first 32 bytes. Ignores further bytes, as Bitcoin Core does. Throws DecodeError if there are fewer.
inline Hash256 ToHash(capnp::Data::Reader data) { return DecodeHash(AsView(data)); }

//! Fills a list of Data that `init` allocates.
template<typename Init, typename Items, typename ToData>
void FillDataList(Init init, const Items& items, ToData to_data)
{
    auto list{init(static_cast<unsigned>(items.size()))};
    unsigned i{0};
    for (const auto& item : items) list.set(i++, to_data(item));
}

} // namespace mpfuzz::model_node
