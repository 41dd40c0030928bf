#include <fuzz_interface/drivers/object_driver.h>

#include <fuzz_interface/interface/binding.h>
#include <fuzz_interface/server/implementation.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

namespace mpfuzz::fuzz_interface {
namespace {

using testing::AllOf;
using testing::HasSubstr;

//! What the driver says of a server with that bug at the latest in its third run, or that it is content.
std::string Verdict(std::string_view bug, uint64_t seed)
{
    Bugs bugs;
    CHECK(Enable(bugs, bug), bug);
    const auto server{MakeImplementation(bugs)};
    const auto loop{MakeLoop()};
    base::Rng rng{seed};
    Choices choices{rng};
    std::optional<Failure> failure;
    const auto connect{[&] { return loop->Pipe(*server); }};
    for (int run{0}; run < 3 && !failure; ++run) {
        failure = DriveObjects(connect, choices, {.deadline = std::chrono::milliseconds{2'000}});
    }
    server->Close();
    return failure ? failure->text : "content";
}

class ObjectDriverAtSeed : public testing::TestWithParam<uint64_t>
{
};

TEST_P(ObjectDriverAtSeed, FindsAVisitThatForgetsTheLastOne)
{
    EXPECT_THAT(Verdict("order-lost", GetParam()), AllOf(HasSubstr("Visit"), HasSubstr("): expected ")));
}

TEST_P(ObjectDriverAtSeed, FindsAChildWithItsParentsId)
{
    EXPECT_THAT(Verdict("child-is-parent", GetParam()), AllOf(HasSubstr(": expected "), HasSubstr("MakeChild")));
}

TEST_P(ObjectDriverAtSeed, FindsAnObjectThatIsReleasedTwice)
{
    EXPECT_THAT(Verdict("double-release", GetParam()), HasSubstr("LiveObjects()"));
}

TEST_P(ObjectDriverAtSeed, FindsACallbackThatIsUsedAfterItsEnd)
{
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_DEATH(Verdict("callback-after-destroy", GetParam()), "");
}

INSTANTIATE_TEST_SUITE_P(Seeds, ObjectDriverAtSeed, testing::Range<uint64_t>(1, 6));

//! Keeps an object alive.
class Collector final : public FuzzInit
{
public:
    explicit Collector(FuzzInit& inner) : m_inner{inner} {}
    std::unique_ptr<FuzzInterface> makeFuzz() override
    {
        m_leaked = m_leaked ? std::move(m_leaked) : m_inner.makeFuzz()->makeObject(1);
        return m_inner.makeFuzz();
    }

private:
    FuzzInit& m_inner;
    std::unique_ptr<FuzzObject> m_leaked;
};

TEST(ObjectDriver, FindsAnObjectThatIsNeverReleased)
{
    const auto server{MakeImplementation({})};
    Collector collector{*server};
    const auto loop{MakeLoop()};
    Choices none{std::span<const uint8_t>{}};
    const auto connect{[&] { return loop->Pipe(collector); }};
    const auto failure{DriveObjects(connect, none, {.deadline = std::chrono::milliseconds{100}})};
    ASSERT_TRUE(failure);
    EXPECT_THAT(failure->text, HasSubstr("LiveObjects(), in the end: expected 0, got 1"));
}

TEST(ObjectDriver, FindsACallThatHangs)
{
    std::promise<void> end;
    std::promise<void> ended;
    const auto connect{[&]() -> std::unique_ptr<FuzzInit> {
        end.get_future().wait();
        ended.set_value();
        throw std::runtime_error{"at last"};
    }};
    Choices none{std::span<const uint8_t>{}};
    const auto failure{DriveObjects(connect, none, {.deadline = std::chrono::milliseconds{100}})};
    // The thread that was left behind uses these.
    end.set_value();
    ended.get_future().wait();
    ASSERT_TRUE(failure);
    EXPECT_THAT(failure->text, HasSubstr("no end of it within 100 ms"));
    EXPECT_THAT(failure->text, HasSubstr("c1 = Connect() → nothing"));
}

} // namespace
} // namespace mpfuzz::fuzz_interface
