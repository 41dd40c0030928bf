#pragma once

#include <capnp/common.h>
#include <kj/array.h>

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace mpfuzz::peer {

//! Finds the messages in a stream of bytes that arrives in pieces, by Cap'n Proto's stream framing.
class FrameSplitter
{
public:
    //! Maximum size of a message; bytes that announce a larger one are malformed. 32 MiB: twice the largest step of a
    //! program.
    static constexpr size_t MAX_WORDS{size_t{1} << 22};

    //! Process the next piece. Calls `on_message` for each message that it completes, including the framing.
    //!
    //! @return False if the bytes are not messages; after that, always false.
    bool Feed(std::span<const kj::byte> bytes, const std::function<void(kj::ArrayPtr<const capnp::word>)>& on_message);

    bool Broken() const { return m_broken; }
    //! Number of bytes of the last message, if it is incomplete.
    size_t Pending() const { return m_pending.size(); }

private:
    //! Size in bytes of the first message, or 0 if it is not known yet.
    size_t SizeOf(std::span<const kj::byte> bytes);

    std::vector<kj::byte> m_pending;
    bool m_broken{false};
};

} // namespace mpfuzz::peer
