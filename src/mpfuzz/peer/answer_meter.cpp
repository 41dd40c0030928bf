#include <mpfuzz/peer/answer_meter.h>

#include <capnp/rpc.capnp.h>
#include <capnp/serialize.h>
#include <kj/debug.h>

namespace mpfuzz::peer {
namespace {

// Guess: an entry of Cap'n Proto's table of answers, with the context of the call.
constexpr uint64_t ENTRY_BYTES{1024};

template<typename Look>
void Read(FrameSplitter& frames, std::span<const kj::byte> bytes, const Look& look)
{
    const bool messages{frames.Feed(bytes, [&](kj::ArrayPtr<const capnp::word> words) {
        capnp::FlatArrayMessageReader reader{words};
        look(reader.getRoot<capnp::rpc::Message>(), words.size() * sizeof(capnp::word));
    })};
    KJ_REQUIRE(messages, "these bytes are no messages");
}

} // namespace

void AnswerMeter::Received(std::span<const kj::byte> bytes)
{
    Read(m_received, bytes, [&](capnp::rpc::Message::Reader message, uint64_t) {
        if (!message.isFinish()) return;
        const auto answer{m_answers.find(message.getFinish().getQuestionId())};
        if (answer == m_answers.end()) return;
        m_held -= answer->second;
        m_answers.erase(answer);
    });
}

void AnswerMeter::Sent(std::span<const kj::byte> bytes)
{
    Read(m_sent, bytes, [&](capnp::rpc::Message::Reader message, uint64_t size) {
        if (!message.isReturn()) return;
        uint64_t& held{m_answers[message.getReturn().getAnswerId()]};
        m_held += ENTRY_BYTES + size - held;
        held = ENTRY_BYTES + size;
    });
}

} // namespace mpfuzz::peer
