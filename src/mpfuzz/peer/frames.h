#pragma once

#include <capnp/common.h>
#include <kj/array.h>

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace mpfuzz::peer {

//! Finds the messages in a stream of bytes that comes in pieces: Cap'n Proto's stream framing.
class FrameSplitter
{
public:
    //! Beyond this a message is taken for no message: 32 MiB, twice the largest step of a program.
    static constexpr size_t MAX_WORDS{size_t{1} << 22};

    //! Take the next piece, and show every message that it completes, framing included.
    //!
    //! @return False, then and ever after, where the bytes are no messages.
    bool Feed(std::span<const kj::byte> bytes, const std::function<void(kj::ArrayPtr<const capnp::word>)>& show);

    bool Broken() const { return m_broken; }
    //! Bytes of a message that has begun and is not complete.
    size_t Pending() const { return m_pending.size(); }

private:
    //! Size in bytes of the message at the beginning, or 0 where that is not known yet.
    size_t SizeOf(std::span<const kj::byte> bytes);

    std::vector<kj::byte> m_pending;
    bool m_broken{false};
};

} // namespace mpfuzz::peer
