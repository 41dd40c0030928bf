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

//! Drives a server with this bug, up to three times. Returns the text of the first failure or "no failure".
std::string Drive(std::string_view bug, uint64_t seed)
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
    return failure ? failure->text : "no failure";
}

class ObjectDriverAtSeed : public testing::TestWithParam<uint64_t>
{
};

TEST_P(ObjectDriverAtSeed, FindsAVisitThatIgnoresThePreviousOne)
{
    EXPECT_THAT(Drive("order-lost", GetParam()), AllOf(HasSubstr("Visit"), HasSubstr("): expected ")));
}

TEST_P(ObjectDriverAtSeed, FindsAChildWithItsParentsId)
{
    EXPECT_THAT(Drive("child-is-parent", GetParam()), AllOf(HasSubstr(": expected "), HasSubstr("MakeChild")));
}

TEST_P(ObjectDriverAtSeed, FindsAnObjectThatIsReleasedTwice)
{
    EXPECT_THAT(Drive("double-release", GetParam()), HasSubstr("LiveObjects()"));
}

TEST_P(ObjectDriverAtSeed, FindsACallbackThatIsUsedAfterItsDestruction)
{
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_DEATH(Drive("callback-after-destroy", GetParam()), "");
}

INSTANTIATE_TEST_SUITE_P(Seeds, ObjectDriverAtSeed, testing::Range<uint64_t>(1, 6));

//! Never releases one object.
class Leaker final : public FuzzInit
{
public:
    explicit Leaker(FuzzInit& inner) : m_inner{inner} {}
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
    Leaker leaker{*server};
    const auto loop{MakeLoop()};
    Choices none{std::span<const uint8_t>{}};
    const auto connect{[&] { return loop->Pipe(leaker); }};
    const auto failure{DriveObjects(connect, none, {.deadline = std::chrono::milliseconds{100}})};
    ASSERT_TRUE(failure);
    EXPECT_THAT(failure->text, HasSubstr("LiveObjects(), finally: expected 0, got 1"));
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
    // The abandoned thread still uses these variables.
    end.set_value();
    ended.get_future().wait();
    ASSERT_TRUE(failure);
    EXPECT_THAT(failure->text, HasSubstr("a call has not ended within 100 ms"));
    EXPECT_THAT(failure->text, HasSubstr("c1 = Connect() → unanswered"));
}

} // namespace
} // namespace mpfuzz::fuzz_interface
