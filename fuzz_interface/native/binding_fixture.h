// What the tests of the native binding share.
#pragma once

#include <fuzz_interface/interface/binding.h>
#include <fuzz_interface/server/implementation.h>

#include <mpfuzz/base/check.h>

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>

namespace mpfuzz::fuzz_interface::native {

//! Returns the two ends of a stream; the caller closes them.
inline std::pair<int, int> SocketPair()
{
    std::array<int, 2> ends;
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
    return {ends[0], ends[1]};
}

//! A callback that calls a function. Its `recurse` calls `remote`.
class TestCallback final : public fuzz_interface::FuzzCallback
{
public:
    explicit TestCallback(
        std::function<int32_t(int32_t)> function, fuzz_interface::FuzzInterface* remote = nullptr,
        std::function<void()> destroyed = [] {})
        : m_function{std::move(function)}, m_remote{remote}, m_destroyed{std::move(destroyed)}
    {
    }
    ~TestCallback() override { m_destroyed(); }

    int32_t call(int32_t value) override { return m_function(value); }
    int32_t recurse(int32_t value, int32_t depth) override
    {
        m_function(value);
        return (depth == 0 ? value : m_remote->recurse(*this, value, depth - 1)) + 1;
    }

private:
    const std::function<int32_t(int32_t)> m_function;
    fuzz_interface::FuzzInterface* const m_remote;
    const std::function<void()> m_destroyed;
};

//! A callback waits here until the test opens it. Shared, because the callback may end after the test.
class Gate
{
public:
    //! Waits until it is open.
    void Wait()
    {
        std::unique_lock lock{m_mutex};
        m_reached = true;
        m_changed.notify_all();
        m_changed.wait(lock, [this] { return m_open; });
    }

    //! Waits until a thread is in Wait.
    void AwaitWaiter()
    {
        std::unique_lock lock{m_mutex};
        m_changed.wait(lock, [this] { return m_reached; });
    }

    //! Lets waiting threads continue. The gate stays open.
    void Open()
    {
        const std::lock_guard lock{m_mutex};
        m_open = true;
        m_changed.notify_all();
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_reached{false};
    bool m_open{false};
};

//! Returns the message of the exception that the call throws; empty if it throws none.
inline std::string ErrorOf(const std::function<void()>& call)
{
    try {
        call();
    } catch (const std::runtime_error& e) {
        return e.what();
    }
    return {};
}

//! A server on one loop, and clients on another.
class BindingTest : public testing::Test
{
protected:
    struct Client {
        std::unique_ptr<fuzz_interface::FuzzInit> init;
        std::unique_ptr<fuzz_interface::FuzzInterface> fuzz;
        ~Client()
        {
            fuzz = nullptr; // Before `init`, whose destructor closes the connection.
        }
    };

    Client Connect() { return Connect(*m_clients); }
    Client Connect(fuzz_interface::Loop& loop)
    {
        const auto [client, server]{SocketPair()};
        m_server->Serve(server, *m_implementation);
        auto init{loop.Connect(client)};
        auto fuzz{init->makeFuzz()};
        return {std::move(init), std::move(fuzz)};
    }

    std::unique_ptr<fuzz_interface::Implementation> m_implementation{fuzz_interface::MakeImplementation({})};
    std::unique_ptr<fuzz_interface::Loop> m_server{fuzz_interface::MakeLoop()};
    std::unique_ptr<fuzz_interface::Loop> m_clients{fuzz_interface::MakeLoop()};
};

} // namespace mpfuzz::fuzz_interface::native
