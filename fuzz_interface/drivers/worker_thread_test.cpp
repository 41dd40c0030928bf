#include <fuzz_interface/drivers/worker_thread.h>

#include <gtest/gtest.h>

#include <future>

namespace mpfuzz::fuzz_interface {
namespace {

constexpr std::chrono::milliseconds LONG{10'000};

TEST(WorkerThread, DoesOnePieceOfWorkAfterAnotherOnOneThread)
{
    std::thread::id first;
    std::thread::id second;
    WorkerThread hand;
    hand.Start([&] { first = std::this_thread::get_id(); });
    ASSERT_TRUE(hand.Wait(LONG));
    hand.Start([&] { second = std::this_thread::get_id(); });
    ASSERT_TRUE(hand.Wait(LONG));
    EXPECT_EQ(first, second);
    EXPECT_NE(first, std::this_thread::get_id());
}

TEST(WorkerThread, HasLetGoOfTheWorkWhenItIsDone)
{
    auto held{std::make_shared<int>(0)};
    const std::weak_ptr<int> watched{held};
    WorkerThread hand;
    hand.Start([held = std::move(held)] {});
    ASSERT_TRUE(hand.Wait(LONG));
    EXPECT_TRUE(watched.expired());
}

//! Tells when it is destroyed.
struct Kept {
    std::promise<void>& destroyed;
    explicit Kept(std::promise<void>& promise) : destroyed{promise} {}
    ~Kept() { destroyed.set_value(); }
    Kept(const Kept&) = delete;
    Kept& operator=(const Kept&) = delete;
};

TEST(WorkerThread, KeepsWhatItWasAbandonedWithUntilItIsDone)
{
    std::promise<void> end;
    std::promise<void> destroyed;
    auto gone{destroyed.get_future()};
    {
        WorkerThread hand;
        hand.Start([&] { end.get_future().wait(); });
        EXPECT_FALSE(hand.Wait(std::chrono::milliseconds{1}));
        hand.Abandon(std::make_shared<Kept>(destroyed));
    }
    EXPECT_EQ(gone.wait_for(std::chrono::milliseconds{1}), std::future_status::timeout);
    end.set_value();
    gone.wait();
}

} // namespace
} // namespace mpfuzz::fuzz_interface
