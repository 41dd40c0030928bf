#include <mpfuzz/peer/bounded_stream.h>

#include <capnp/rpc.capnp.h>
#include <capnp/serialize.h>
#include <kj/debug.h>

namespace mpfuzz::peer {
namespace {

// A guess: the size of an entry in Cap'n Proto's table of answers, with the context of the call.
constexpr uint64_t ENTRY_BYTES{1024};

template<typename OnMessage>
void ForEachMessage(FrameSplitter& frames, std::span<const kj::byte> bytes, const OnMessage& on_message)
{
    const bool messages{frames.Feed(bytes, [&](kj::ArrayPtr<const capnp::word> words) {
        capnp::FlatArrayMessageReader reader{words};
        on_message(reader.getRoot<capnp::rpc::Message>(), words.size() * sizeof(capnp::word));
    })};
    KJ_REQUIRE(messages, "these bytes are not messages");
}

} // namespace

void AnswerMeter::Received(std::span<const kj::byte> bytes)
{
    ForEachMessage(m_received, bytes, [&](capnp::rpc::Message::Reader message, uint64_t) {
        if (!message.isFinish()) return;
        const auto answer{m_answers.find(message.getFinish().getQuestionId())};
        if (answer == m_answers.end()) return;
        m_held -= answer->second;
        m_answers.erase(answer);
    });
}

void AnswerMeter::Sent(std::span<const kj::byte> bytes)
{
    ForEachMessage(m_sent, bytes, [&](capnp::rpc::Message::Reader message, uint64_t size) {
        if (!message.isReturn()) return;
        uint64_t& held{m_answers[message.getReturn().getAnswerId()]};
        m_held += ENTRY_BYTES + size - held;
        held = ENTRY_BYTES + size;
    });
}

kj::Promise<size_t> BoundedStream::tryRead(void* buffer, size_t min_bytes, size_t max_bytes)
{
    if (m_writing == 0) {
        return m_inner->tryRead(buffer, min_bytes, max_bytes).then([this, buffer](size_t size) {
            m_meter.Received({static_cast<const kj::byte*>(buffer), size});
            KJ_REQUIRE(m_meter.Held() <= m_max_held_bytes, "this client has too many unfinished answers");
            return size;
        });
    }
    auto written{kj::newPromiseAndFulfiller<void>()};
    m_reader = kj::mv(written.fulfiller);
    return written.promise.then([=, this] {
        // evalLast, so that further writes that are ready begin before this read.
        return kj::evalLast([=, this] { return tryRead(buffer, min_bytes, max_bytes); });
    });
}

kj::Promise<void> BoundedStream::write(const void* buffer, size_t size) { return Count(m_inner->write(buffer, size)); }

kj::Promise<void> BoundedStream::write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>> pieces)
{
    for (const auto& piece : pieces) m_meter.Sent({piece.begin(), piece.size()});
    return Count(m_inner->write(pieces));
}

kj::Promise<void> BoundedStream::Count(kj::Promise<void> write)
{
    ++m_writing;
    return write.attach(kj::defer([this] {
        if (--m_writing > 0) return;
        KJ_IF_MAYBE (reader, m_reader) (*reader)->fulfill();
        m_reader = nullptr;
    }));
}

} // namespace mpfuzz::peer
