// Without planted bugs, no driver reports a failure through the binding that this test is linked with.
#include <fuzz_interface/drivers/connector.h>
#include <fuzz_interface/drivers/object_driver.h>
#include <fuzz_interface/drivers/request_driver.h>
#include <fuzz_interface/drivers/response_driver.h>
#include <fuzz_interface/interface/binding.h>
#include <fuzz_interface/libfuzzer/one_process.h>

#include <gtest/gtest.h>

namespace mpfuzz::fuzz_interface {
namespace {

// Enough to use every method. Takes a few seconds.
constexpr int RUNS{5};

class Silence : public testing::TestWithParam<uint64_t>
{
protected:
    std::string Text(const std::optional<Failure>& failure) { return failure ? failure->text : ""; }

    base::Rng m_rng{GetParam()};
    Choices m_choices{m_rng};
    OneProcess m_process;
};

TEST_P(Silence, OfRequests)
{
    for (int i{0}; i < RUNS; ++i) {
        const auto [server, client] = SocketPair();
        m_process.GetLoop().Serve(server, m_process.Server());
        ASSERT_EQ(Text(DriveRequests(client, m_choices, {})), "");
    }
}

TEST_P(Silence, OfResponses)
{
    for (int i{0}; i < RUNS; ++i) ASSERT_EQ(Text(DriveResponses(m_process.GetLoop(), m_choices, {})), "");
}

TEST_P(Silence, OfObjectsOverPipes)
{
    const auto connect{[&] { return m_process.GetLoop().Pipe(m_process.Server()); }};
    for (int i{0}; i < RUNS; ++i) ASSERT_EQ(Text(DriveObjects(connect, m_choices, {})), "");
}

TEST_P(Silence, OfObjectsOverSocketsBetweenTwoLoops)
{
    const auto loop{MakeLoop()};
    const auto connect{[&] {
        const auto [server, client] = SocketPair();
        m_process.GetLoop().Serve(server, m_process.Server());
        return loop->Connect(client);
    }};
    for (int i{0}; i < RUNS; ++i) ASSERT_EQ(Text(DriveObjects(connect, m_choices, {})), "");
}

//! With this seed, an object of the driver decides to withhold its answer, but makes calls first. These calls end only
//! after Release().
TEST(SilenceOfRequests, IfAnAnswerIsWithheldAfterRelease)
{
    OneProcess process;
    base::Rng rng{20};
    Choices choices{rng};
    const auto [server, client] = SocketPair();
    process.GetLoop().Serve(server, process.Server());
    const auto failure{DriveRequests(client, choices, {})};
    EXPECT_FALSE(failure) << failure->text;
}

INSTANTIATE_TEST_SUITE_P(Seeds, Silence, testing::Range<uint64_t>(1, 6));

//! The choices come from bytes, and the run ends when they are exhausted.
TEST(SilenceOfObjects, UntilTheBytesAreExhausted)
{
    OneProcess process;
    base::Rng rng{1};
    for (size_t size{0}; size < 1'000; size += 100) {
        const std::string text{Choices{rng}.Bytes(size)};
        Choices choices{std::span{reinterpret_cast<const uint8_t*>(text.data()), text.size()}};
        const auto connect{[&] { return process.GetLoop().Pipe(process.Server()); }};
        EXPECT_FALSE(DriveObjects(connect, choices, {.rounds = 1'000'000}));
        EXPECT_TRUE(choices.Exhausted());
    }
}

} // namespace
} // namespace mpfuzz::fuzz_interface
