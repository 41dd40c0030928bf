// The driver through the binding that this is linked with.
#include <fuzz_interface/drivers/typed_driver.h>
#include <fuzz_interface/interface/binding.h>
#include <fuzz_interface/server/implementation.h>

#include <mpfuzz/base/rng.h>

#include <gtest/gtest.h>

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace mpfuzz::fuzz_interface {
namespace {

//! A server and as many clients of it as there are calls to a method, on one loop.
class Process
{
public:
    explicit Process(const Bugs& bugs = {}) : m_server{MakeImplementation(bugs)}, m_loop{MakeLoop()} {}
    ~Process() { m_server->Close(); }

    std::unique_ptr<FuzzInit> Pipe() { return m_loop->Pipe(*m_server); }

    std::unique_ptr<FuzzInit> Socket()
    {
        std::array<int, 2> fds{};
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds.data()) != 0) return nullptr;
        m_loop->Serve(fds[0], *m_server);
        return m_loop->Connect(fds[1]);
    }

private:
    std::unique_ptr<Implementation> m_server;
    std::unique_ptr<Loop> m_loop;
};

std::optional<Mismatch> Drive(FuzzInit& client, uint64_t seed, uint64_t calls, int32_t slot = 0)
{
    base::Rng rng{seed};
    Choices choices{rng};
    return DriveTyped(*client.makeFuzz(), choices, calls, slot);
}

class ThroughTheBinding : public testing::TestWithParam<uint64_t>
{
};

TEST_P(ThroughTheBinding, NothingIsWrongWithoutBugs)
{
    constexpr uint64_t CALLS{300};
    Process process;
    const auto over_pipe{Drive(*process.Pipe(), GetParam(), CALLS)};
    EXPECT_FALSE(over_pipe.has_value()) << ToText(*over_pipe);
    const auto over_socket{Drive(*process.Socket(), GetParam(), CALLS)};
    EXPECT_FALSE(over_socket.has_value()) << ToText(*over_socket);
}

INSTANTIATE_TEST_SUITE_P(Seeds, ThroughTheBinding, testing::Range<uint64_t>(1, 6));

// With one seed: without a binding it takes a tenth of the time, and there all seeds are tried.
TEST(ThroughTheBinding, EveryBugIsFound)
{
    constexpr uint64_t CALLS{20'000};
    for (const BugInfo& bug : AllBugs()) {
        SCOPED_TRACE(bug.name);
        Bugs bugs;
        bugs.*bug.flag = true;
        if (bug.crashes) {
            const auto drive{[&] {
                Process process{bugs};
                Drive(*process.Pipe(), /*seed=*/1, CALLS);
            }};
            EXPECT_DEATH(drive(), "");
        } else {
            Process process{bugs};
            EXPECT_TRUE(Drive(*process.Pipe(), /*seed=*/1, CALLS).has_value());
        }
    }
}

TEST(ManyClients, DoNotSeeEachOther)
{
    Process process;
    std::vector<std::thread> threads;
    std::array<std::optional<Mismatch>, SLOTS> wrong;
    for (int32_t slot{0}; slot < SLOTS; ++slot) {
        threads.emplace_back([&, slot] {
            const auto client{slot % 2 == 0 ? process.Pipe() : process.Socket()};
            wrong[slot] = Drive(*client, /*seed=*/slot, /*calls=*/200, slot);
        });
    }
    for (std::thread& thread : threads) thread.join();
    for (const auto& mismatch : wrong) EXPECT_FALSE(mismatch.has_value()) << ToText(*mismatch);
}

} // namespace
} // namespace mpfuzz::fuzz_interface
