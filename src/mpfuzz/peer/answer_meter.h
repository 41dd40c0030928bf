#pragma once

#include <mpfuzz/peer/frames.h>

#include <cstdint>
#include <map>
#include <span>

namespace mpfuzz::peer {

//! Counts what a server has to keep of its answers: everything until the client's Finish message.
class AnswerMeter
{
public:
    //! Bytes from the client, and to it, as they pass. Throws a kj::Exception where they are no messages.
    void Received(std::span<const kj::byte> bytes);
    void Sent(std::span<const kj::byte> bytes);

    //! What is held, in bytes, with a guess of what the tables cost.
    uint64_t Held() const { return m_held; }

private:
    FrameSplitter m_received;
    FrameSplitter m_sent;
    std::map<uint32_t, uint64_t> m_answers; //!< bytes by question
    uint64_t m_held{0};
};

} // namespace mpfuzz::peer
