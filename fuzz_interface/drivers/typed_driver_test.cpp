// Tests the driver on the implementation itself, and through the binding that this test is linked with.
#include <fuzz_interface/drivers/typed_driver.h>

#include <fuzz_interface/interface/binding.h>
#include <fuzz_interface/server/implementation.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/base/rng.h>

#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <sys/socket.h>

namespace mpfuzz::fuzz_interface {
namespace {

std::optional<Mismatch> Drive(const Bugs& bugs, Choices& choices, uint64_t calls)
{
    const auto init{MakeImplementation(bugs)};
    return DriveTyped(*init->makeFuzz(), choices, calls);
}

std::optional<Mismatch> Drive(const Bugs& bugs, uint64_t seed, uint64_t calls)
{
    base::Rng rng{seed};
    Choices choices{rng};
    return Drive(bugs, choices, calls);
}

class TypedDriver : public testing::TestWithParam<uint64_t>
{
};

TEST_P(TypedDriver, FindsNothingWithoutBugs)
{
    const auto wrong{Drive({}, /*seed=*/GetParam(), /*calls=*/2'000)};
    EXPECT_FALSE(wrong.has_value()) << ToText(*wrong);
}

TEST_P(TypedDriver, FindsEveryBug)
{
    constexpr uint64_t CALLS{20'000};
    for (const BugInfo& bug : AllBugs()) {
        SCOPED_TRACE(bug.name);
        Bugs bugs;
        bugs.*bug.flag = true;
        if (bug.crashes) {
            EXPECT_DEATH(Drive(bugs, GetParam(), CALLS), "");
        } else {
            const auto wrong{Drive(bugs, GetParam(), CALLS)};
            ASSERT_TRUE(wrong.has_value());
            EXPECT_NE(wrong->expected, wrong->got);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, TypedDriver, testing::Range<uint64_t>(1, 6));

TEST(TypedDriver, DescribesTheMismatch)
{
    Bugs bugs;
    bugs.optional_empty = true;
    const auto wrong{Drive(bugs, /*seed=*/1, /*calls=*/100'000)};
    ASSERT_TRUE(wrong.has_value());
    EXPECT_EQ(ToText(*wrong),
              "MaybeReverseText had a wrong outcome\n  argument: \"\"\n  expected: \"\"\n  got:      absent\n");
}

TEST(TypedDriver, TakesItsChoicesFromBytes)
{
    // The method at index 2, then a number made of all 8 bytes that follow.
    const std::vector<uint8_t> bytes{2, 4, 0, 0, 0, 0, 1, 0, 0, 0};
    Bugs bugs;
    bugs.truncate_32 = true;
    Choices choices{bytes};
    const auto wrong{Drive(bugs, choices, /*calls=*/100)};
    ASSERT_TRUE(wrong.has_value());
    EXPECT_EQ(wrong->method, "RotateInt64");
    EXPECT_EQ(wrong->argument, "4294967296");
    EXPECT_TRUE(choices.Exhausted());
}

//! A server and its clients, on one loop. Each call of Pipe or Socket makes a client.
class Process
{
public:
    explicit Process(const Bugs& bugs = {}) : m_server{MakeImplementation(bugs)}, m_loop{MakeLoop()} {}
    ~Process() { m_server->Close(); }

    std::unique_ptr<FuzzInit> Pipe() { return m_loop->Pipe(*m_server); }

    std::unique_ptr<FuzzInit> Socket()
    {
        std::array<int, 2> fds{};
        CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds.data()) == 0, errno);
        m_loop->Serve(fds[0], *m_server);
        return m_loop->Connect(fds[1]);
    }

private:
    std::unique_ptr<Implementation> m_server;
    std::unique_ptr<Loop> m_loop;
};

std::optional<Mismatch> DriveClient(FuzzInit& client, uint64_t seed, uint64_t calls, int32_t slot = 0)
{
    base::Rng rng{seed};
    Choices choices{rng};
    return DriveTyped(*client.makeFuzz(), choices, calls, slot);
}

class TypedDriverThroughTheBinding : public testing::TestWithParam<uint64_t>
{
};

TEST_P(TypedDriverThroughTheBinding, FindsNothingWithoutBugs)
{
    constexpr uint64_t CALLS{300};
    Process process;
    const auto over_pipe{DriveClient(*process.Pipe(), GetParam(), CALLS)};
    EXPECT_FALSE(over_pipe.has_value()) << ToText(*over_pipe);
    const auto over_socket{DriveClient(*process.Socket(), GetParam(), CALLS)};
    EXPECT_FALSE(over_socket.has_value()) << ToText(*over_socket);
}

INSTANTIATE_TEST_SUITE_P(Seeds, TypedDriverThroughTheBinding, testing::Range<uint64_t>(1, 6));

// Only one seed, because the binding makes the test ten times as slow. The test TypedDriver uses all seeds.
TEST(TypedDriverThroughTheBinding, FindsEveryBug)
{
    constexpr uint64_t CALLS{20'000};
    for (const BugInfo& bug : AllBugs()) {
        SCOPED_TRACE(bug.name);
        Bugs bugs;
        bugs.*bug.flag = true;
        if (bug.crashes) {
            const auto drive{[&] {
                Process process{bugs};
                DriveClient(*process.Pipe(), /*seed=*/1, CALLS);
            }};
            EXPECT_DEATH(drive(), "");
        } else {
            Process process{bugs};
            EXPECT_TRUE(DriveClient(*process.Pipe(), /*seed=*/1, CALLS).has_value());
        }
    }
}

TEST(TypedDriverThroughTheBinding, FindsNothingWithManyClients)
{
    Process process;
    std::vector<std::thread> threads;
    std::array<std::optional<Mismatch>, SLOTS> wrong;
    for (int32_t slot{0}; slot < SLOTS; ++slot) {
        threads.emplace_back([&, slot] {
            const auto client{slot % 2 == 0 ? process.Pipe() : process.Socket()};
            wrong[slot] = DriveClient(*client, /*seed=*/slot, /*calls=*/200, slot);
        });
    }
    for (std::thread& thread : threads) thread.join();
    for (const auto& mismatch : wrong) EXPECT_FALSE(mismatch.has_value()) << ToText(*mismatch);
}

} // namespace
} // namespace mpfuzz::fuzz_interface
