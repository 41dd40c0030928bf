#pragma once

#include <mpfuzz/base/testing/temporary_directory.h>
#include <mpfuzz/execute/executor.h>
#include <mpfuzz/peer/acceptor.h>
#include <mpfuzz/peer/stub.h>
#include <mpfuzz/program/testing/must_parse.h>
#include <mpfuzz/schema/load.h>

#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <mutex>
#include <thread>
#include <utility>

namespace mpfuzz::peer {

//! Interfaces with every kind of type, and with inherited, shadowed, generic and streaming methods.
inline std::shared_ptr<const schema::Schema> TestSchema()
{
    static const auto SCHEMA{[] {
        const std::vector<std::string> files{MPFUZZ_SOURCE_DIR "/src/mpfuzz/program/testdata/mining.capnp"};
        return *schema::LoadFiles(files, {});
    }()};
    return SCHEMA;
}

inline program::Program MustParse(std::string_view text) { return program::MustParse(*TestSchema(), text); }

//! Serves a socket on its own thread.
class ServerThread
{
public:
    explicit ServerThread(std::function<Acceptor::Handler(kj::AsyncIoContext&)> make)
    {
        std::promise<kj::Own<kj::CrossThreadPromiseFulfiller<void>>> started;
        auto fulfiller{started.get_future()};
        m_thread = std::thread{[this, make = std::move(make), &started] { Run(make, started); }};
        m_stop = fulfiller.get();
    }
    ~ServerThread() noexcept // KJ lets destructors throw; gtest does not.
    {
        m_stop->fulfill();
        m_thread.join();
    }
    ServerThread(const ServerThread&) = delete;
    ServerThread& operator=(const ServerThread&) = delete;

    std::string Socket() const { return m_directory.Path("socket"); }

private:
    void Run(const std::function<Acceptor::Handler(kj::AsyncIoContext&)>& make,
             std::promise<kj::Own<kj::CrossThreadPromiseFulfiller<void>>>& started)
    {
        auto io{kj::setupAsyncIo()};
        const auto socket{stream::ListenSocket::Open(Socket())};
        CHECK(socket, socket.GetError().message);
        Acceptor acceptor{io, make(io)};
        auto stop{kj::newPromiseAndCrossThreadFulfiller<void>()};
        started.set_value(kj::mv(stop.fulfiller));
        acceptor.Accept(*socket).exclusiveJoin(kj::mv(stop.promise)).wait(io.waitScope);
    }

    base::TemporaryDirectory m_directory;
    kj::Own<kj::CrossThreadPromiseFulfiller<void>> m_stop;
    std::thread m_thread;
};

//! A stub of `Init` on its own thread.
class StubThread
{
public:
    explicit StubThread(uint64_t seed = 1, std::vector<Fault> faults = {}, uint64_t max_held_bytes = 64 << 20)
        : m_stub{*TestSchema(),
                 {*TestSchema()->FindInterface("Init"), seed, std::move(faults), max_held_bytes},
                 [this](const ReceivedCall& call) {
                     const std::lock_guard lock{m_mutex};
                     m_received.push_back(call);
                 }},
          m_server{[this](kj::AsyncIoContext&) -> Acceptor::Handler {
              return [this](kj::Own<kj::AsyncIoStream> stream, uint64_t connection) {
                  return m_stub.Serve(kj::mv(stream), connection);
              };
          }}
    {
    }

    std::string Socket() const { return m_server.Socket(); }

    //! The calls received since the last Take.
    std::vector<ReceivedCall> Take()
    {
        const std::lock_guard lock{m_mutex};
        return std::exchange(m_received, {});
    }

private:
    std::mutex m_mutex;
    std::vector<ReceivedCall> m_received;
    Stub m_stub;
    ServerThread m_server;
};

//! A target for a server that runs already.
inline std::unique_ptr<execute::Target> AttachTo(const std::string& socket)
{
    execute::TargetFile file;
    file.attach_socket = socket;
    return execute::MakeAttachedTarget(file);
}

//! Run one program on the server that listens on a socket.
inline trace::Trace RunOn(const std::string& socket, const program::Program& program, program::TargetRules rules = {})
{
    const auto target{AttachTo(socket)};
    auto trace{execute::Executor(*TestSchema(), *target, std::move(rules)).Run(program)};
    CHECK(trace, trace.GetError().message);
    return std::move(*trace);
}

//! Runs programs on a stub.
class StubTest : public testing::Test
{
protected:
    explicit StubTest(uint64_t seed = 1) : m_stub{seed} {}

    trace::Trace Run(const program::Program& program, bool await_each = false)
    {
        auto trace{m_executor.Run(program, await_each)};
        CHECK(trace, trace.GetError().message);
        return std::move(*trace);
    }

    StubThread m_stub;
    std::unique_ptr<execute::Target> m_target{AttachTo(m_stub.Socket())};
    execute::Executor m_executor{*TestSchema(), *m_target, {}};
};

} // namespace mpfuzz::peer
