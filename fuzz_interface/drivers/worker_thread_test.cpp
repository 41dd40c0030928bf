#include <fuzz_interface/drivers/worker_thread.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <barrier>
#include <future>
#include <stdexcept>

namespace mpfuzz::fuzz_interface {
namespace {

using testing::HasSubstr;

constexpr std::chrono::milliseconds LONG{10'000};
constexpr std::chrono::milliseconds SHORT{50};

TEST(WorkerThread, RunsOneFunctionAfterAnotherOnOneThread)
{
    std::thread::id first;
    std::thread::id second;
    WorkerThread thread;
    thread.Start([&] { first = std::this_thread::get_id(); });
    ASSERT_TRUE(thread.Wait(LONG));
    thread.Start([&] { second = std::this_thread::get_id(); });
    ASSERT_TRUE(thread.Wait(LONG));
    EXPECT_EQ(first, second);
    EXPECT_NE(first, std::this_thread::get_id());
}

TEST(WorkerThread, DestroysTheFunctionBeforeWaitReturns)
{
    auto held{std::make_shared<int>(0)};
    const std::weak_ptr<int> watched{held};
    WorkerThread thread;
    thread.Start([held = std::move(held)] {});
    ASSERT_TRUE(thread.Wait(LONG));
    EXPECT_TRUE(watched.expired());
}

//! Sets a flag when it is destroyed.
struct Kept {
    std::promise<void>& destroyed;
    explicit Kept(std::promise<void>& promise) : destroyed{promise} {}
    ~Kept() { destroyed.set_value(); }
    Kept(const Kept&) = delete;
    Kept& operator=(const Kept&) = delete;
};

TEST(WorkerThread, KeepsAnObjectUntilTheFunctionReturnsIfAbandoned)
{
    std::promise<void> end;
    std::promise<void> destroyed;
    auto gone{destroyed.get_future()};
    {
        WorkerThread thread;
        thread.Start([&] { end.get_future().wait(); });
        EXPECT_FALSE(thread.Wait(std::chrono::milliseconds{1}));
        thread.Abandon(std::make_shared<Kept>(destroyed));
    }
    EXPECT_EQ(gone.wait_for(std::chrono::milliseconds{1}), std::future_status::timeout);
    end.set_value();
    gone.wait();
}

//! Makes the calls, and returns the text of the failure or "no failure".
std::string MakeAll(std::vector<PlannedCall> planned)
{
    ConcurrentCalls calls{LONG};
    const auto failure{calls.MakeAll(std::move(planned))};
    return failure ? failure->text : "no failure";
}

PlannedCall Returning(uint64_t value, PlannedCall::Ending ending)
{
    return {.text = "f()", .work = [value] { return value; }, .ending = ending, .low = 3, .high = 5};
}

PlannedCall Throwing(PlannedCall::Ending ending)
{
    return {.text = "f()", .work = []() -> uint64_t { throw std::runtime_error{"gone"}; }, .ending = ending};
}

TEST(ConcurrentCalls, CompareValues)
{
    EXPECT_EQ(MakeAll({Returning(3, PlannedCall::Ending::VALUE)}), "no failure");
    EXPECT_EQ(MakeAll({Returning(5, PlannedCall::Ending::EITHER)}), "no failure");
    EXPECT_THAT(MakeAll({Returning(6, PlannedCall::Ending::VALUE)}), HasSubstr("f(): expected 3 to 5, got 6"));
    EXPECT_THAT(MakeAll({Returning(2, PlannedCall::Ending::EITHER)}), HasSubstr("f(): expected 3 to 5, got 2"));
    EXPECT_THAT(MakeAll({Returning(3, PlannedCall::Ending::EXCEPTION)}),
                HasSubstr("f(): expected an exception, got 3"));
}

TEST(ConcurrentCalls, CompareExceptions)
{
    EXPECT_EQ(MakeAll({Throwing(PlannedCall::Ending::EXCEPTION)}), "no failure");
    EXPECT_EQ(MakeAll({Throwing(PlannedCall::Ending::EITHER)}), "no failure");
    EXPECT_THAT(MakeAll({Throwing(PlannedCall::Ending::VALUE)}), HasSubstr("expected a value, 0, got thrown: gone"));
    const PlannedCall number{
        .text = "f()", .work = []() -> uint64_t { throw 7; }, .ending = PlannedCall::Ending::EXCEPTION};
    EXPECT_THAT(MakeAll({number}), HasSubstr("expected an exception derived from std::exception"));
}

TEST(ConcurrentCalls, AreMadeAtTheSameTime)
{
    std::barrier all{MAX_CONCURRENT};
    const PlannedCall call{.text = "f()", .work = [&] { return all.arrive_and_wait(), uint64_t{0}; }};
    EXPECT_EQ(MakeAll(std::vector<PlannedCall>(MAX_CONCURRENT, call)), "no failure");
}

TEST(ConcurrentCalls, ReportACallThatHangs)
{
    std::promise<void> end;
    ConcurrentCalls calls{SHORT};
    const auto failure{calls.MakeAll({{.text = "f()", .work = [&] { return end.get_future().wait(), uint64_t{0}; }}})};
    end.set_value();
    ASSERT_TRUE(failure);
    EXPECT_THAT(failure->text, HasSubstr("a call has not ended within 50 ms"));
    EXPECT_THAT(failure->text, HasSubstr("f() → unanswered"));
}

TEST(ConcurrentCalls, ReportTheCallsBeforeAFailure)
{
    ConcurrentCalls calls{LONG};
    EXPECT_FALSE(calls.MakeAll({{.text = "first", .work = [] { return uint64_t{0}; }}}));
    EXPECT_THAT(calls.Fail("wrong").text,
                HasSubstr("wrong\nthe calls before (| made at the same time):\n  first → 0\n"));
}

} // namespace
} // namespace mpfuzz::fuzz_interface
