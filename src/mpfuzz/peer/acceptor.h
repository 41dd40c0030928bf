#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/peer/frames.h>
#include <mpfuzz/stream/unix_socket.h>

#include <kj/async-io.h>

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>

namespace mpfuzz::peer {

//! Accepts connections and owns the tasks that serve them.
class Acceptor final : private kj::TaskSet::ErrorHandler
{
public:
    //! Serves one connection. The connection ends when the promise resolves or fails. Connections are numbered from 0.
    using Handler = std::function<kj::Promise<void>(kj::Own<kj::AsyncIoStream>, uint64_t connection)>;

    //! Borrows `io`.
    Acceptor(kj::AsyncIoContext& io, Handler handler);

    //! Accept connections until the promise is dropped. Open connections stay open after that. If too many connections
    //! are open, closes a new one at once.
    kj::Promise<void> Accept(const stream::ListenSocket& socket);

private:
    kj::Promise<void> AcceptNext(kj::ConnectionReceiver& receiver);
    void Start(kj::Own<kj::AsyncIoStream> stream);
    void taskFailed(kj::Exception&&) override {}

    kj::AsyncIoContext& m_io;
    Handler m_handler;
    uint64_t m_next{0};
    size_t m_open{0};
    kj::TaskSet m_tasks{*this};
};

//! Serve the connections to a socket on this thread until SIGTERM or SIGINT. Call at most once in a
//! process, because it handles these two signals.
//!
//! @param make  Makes the handler of the connections. What the handler borrows must outlive this call.
//! @return An error if it cannot listen on the socket.
base::Status ServeUntilSignal(const std::string& path,
                              const std::function<Acceptor::Handler(kj::AsyncIoContext&)>& make);

//! Estimates the memory that a server uses for answers: it must keep each one until the client's Finish message.
class AnswerMeter
{
public:
    //! Count bytes that came from the client, or were sent to it. Throws a kj::Exception if they are not messages.
    void Received(std::span<const kj::byte> bytes);
    void Sent(std::span<const kj::byte> bytes);

    //! Size in bytes of the answers that the server must keep, with a guess for the size of their table entries.
    uint64_t Held() const { return m_held; }

private:
    FrameSplitter m_received;
    FrameSplitter m_sent;
    std::map<uint32_t, uint64_t> m_answers; //!< bytes by question
    uint64_t m_held{0};
};

//! A server's stream that limits the memory that its client can make the server use.
//!
//! It does not read while a write is outstanding, so a client that does not read its answers cannot send more calls.
//! Reading fails if the client has too many unfinished answers.
class BoundedStream final : public kj::AsyncIoStream
{
public:
    //! @param max_held_bytes  Limit for unfinished answers, as AnswerMeter counts them.
    BoundedStream(kj::Own<kj::AsyncIoStream> inner, uint64_t max_held_bytes)
        : m_inner{kj::mv(inner)}, m_max_held_bytes{max_held_bytes}
    {
    }

    kj::Promise<size_t> tryRead(void* buffer, size_t min_bytes, size_t max_bytes) override;
    kj::Promise<void> write(const void* buffer, size_t size) override;
    kj::Promise<void> write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>> pieces) override;
    kj::Promise<void> whenWriteDisconnected() override { return m_inner->whenWriteDisconnected(); }
    void shutdownWrite() override { m_inner->shutdownWrite(); }
    void abortRead() override { m_inner->abortRead(); }

private:
    kj::Promise<void> Count(kj::Promise<void> write);

    kj::Own<kj::AsyncIoStream> m_inner;
    uint64_t m_max_held_bytes;
    AnswerMeter m_meter;
    size_t m_writing{0};
    kj::Maybe<kj::Own<kj::PromiseFulfiller<void>>> m_reader; //!< set while a read waits for the writes
};

} // namespace mpfuzz::peer
