#include <fuzz_interface/libmultiprocess/sides_fixture.h>

#include <fuzz_interface/drivers/typed_driver.h>

#include <mpfuzz/base/rng.h>

#include <stdexcept>
#include <thread>
#include <vector>

namespace mpfuzz::fuzz_interface {
namespace {

//! An object of the client.
class LocalObject : public FuzzObject
{
public:
    int32_t id() override { return 6; }
    uint64_t visit(uint64_t token) override { return token + 1; }
    std::unique_ptr<FuzzObject> makeChild(int32_t) override { return std::make_unique<LocalObject>(); }
};

//! Objects of a connection that was closed are destroyed later, on another thread.
void ExpectNoObjectsSoon(FuzzInterface& fuzz)
{
    while (fuzz.liveObjects() != 0) std::this_thread::yield();
}

using Calls = EachWay;

INSTANTIATE_TEST_SUITE_P(OverSockets, Calls, testing::Values(&Sides::Connect));
INSTANTIATE_TEST_SUITE_P(OverAListeningSocket, Calls, testing::Values(&Sides::ConnectToListener));
INSTANTIATE_TEST_SUITE_P(OverAPipe, Calls, testing::Values(&Sides::Pipe));

TEST_P(Calls, CallbacksOfEachKindAreCalled)
{
    EXPECT_EQ(m_fuzz->callFunction([](int32_t value) { return value * 2; }, 5), PassOn(10));
    Adder adder{7};
    EXPECT_EQ(m_fuzz->callObject(adder, 5), PassOn(12));
    EXPECT_EQ(m_fuzz->callUnique(std::make_unique<Adder>(8), 5), PassOn(13));
    EXPECT_EQ(m_fuzz->callShared(std::make_shared<Adder>(9), 5), PassOn(14));
}

TEST_P(Calls, AnExceptionOfACallbackReachesTheCaller)
{
    const auto function = [](int32_t) -> int32_t { throw std::runtime_error{"no"}; };
    EXPECT_THROW(m_fuzz->callFunction(function, 0), std::runtime_error);
}

TEST_P(Calls, CallbacksNestSeveralLevelsDeep)
{
    Adder adder{0, m_fuzz.get()};
    for (const int32_t depth : {0, 1, 3, 6}) EXPECT_EQ(m_fuzz->recurse(adder, 5, depth), Recurse(5, depth));
}

TEST_P(Calls, CallbacksCallOtherMethods)
{
    const auto function = [this](int32_t value) { return static_cast<int32_t>(m_fuzz->makeObject(value)->id()); };
    EXPECT_EQ(m_fuzz->callFunction(function, 5), PassOn(5));
    EXPECT_EQ(m_fuzz->liveObjects(), 0);
}

TEST_P(Calls, EachObjectHasItsOwnHistory)
{
    const auto object = m_fuzz->makeObject(3);
    auto other = m_fuzz->makeObject(4);
    const auto child = other->makeChild(5);
    EXPECT_EQ(m_fuzz->liveObjects(), 3);
    EXPECT_EQ(object->id(), 3);
    const uint64_t first{object->visit(1)};
    EXPECT_EQ(first, NextVisit(3, 0, 1));
    EXPECT_EQ(child->visit(1), NextVisit(5, 0, 1));
    EXPECT_EQ(object->visit(2), NextVisit(3, first, 2));
    other.reset();
    EXPECT_EQ(m_fuzz->liveObjects(), 2);
    EXPECT_EQ(child->id(), 5);
}

TEST_P(Calls, ObjectsOfBothSidesCanBeVisited)
{
    LocalObject local;
    EXPECT_EQ(m_fuzz->visitObject(local, 5), 6);
    const auto remote = m_fuzz->makeObject(3);
    const uint64_t first{m_fuzz->visitObject(*remote, 1)};
    EXPECT_EQ(first, NextVisit(3, 0, 1));
    EXPECT_EQ(remote->visit(2), NextVisit(3, first, 2));
}

TEST_P(Calls, RandomCallsHaveTheExpectedOutcomes)
{
    for (uint64_t seed{1}; seed <= 5; ++seed) {
        base::Rng rng{seed};
        Choices choices{rng};
        const auto wrong = DriveTyped(*m_fuzz, choices, /*calls=*/200);
        EXPECT_FALSE(wrong.has_value()) << ToText(*wrong);
    }
}

TEST(Binding, HasItsName) { EXPECT_EQ(BindingName(), "libmultiprocess"); }

TEST(Binding, ServesSeveralThreadsOfOneClient)
{
    Sides sides;
    const auto init = sides.Connect();
    const auto fuzz = init->makeFuzz();
    std::vector<std::thread> threads;
    for (int32_t number{0}; number < 4; ++number) {
        threads.emplace_back([&, number] {
            for (int32_t i{0}; i < 50; ++i) {
                EXPECT_EQ(fuzz->callShared(std::make_shared<Adder>(number), i), PassOn(number + i));
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
}

TEST(Binding, KeepsACallbackForOtherClientsUntilItIsForgotten)
{
    Sides sides;
    const auto init = sides.Connect();
    const auto fuzz = init->makeFuzz();
    EXPECT_THROW(fuzz->callStored(0, 1), std::runtime_error);
    fuzz->store(0, std::make_shared<Adder>(3));
    std::thread{[&] { EXPECT_EQ(sides.Connect()->makeFuzz()->callStored(0, 1), PassOn(4)); }}.join();
    EXPECT_TRUE(fuzz->forget(0));
    EXPECT_FALSE(fuzz->forget(0));
    EXPECT_THROW(fuzz->callStored(0, 1), std::runtime_error);
}

TEST(Binding, CannotCallACallbackWhoseClientHasDisconnected)
{
    Sides sides;
    const auto init = sides.Connect();
    const auto fuzz = init->makeFuzz();
    auto other_init = sides.Connect();
    other_init->makeFuzz()->store(0, std::make_shared<Adder>(3));
    other_init.reset();
    EXPECT_THROW(fuzz->callStored(0, 1), std::runtime_error);
    EXPECT_TRUE(fuzz->forget(0));
}

TEST(Binding, DestroysAClientsObjectsWithItsConnection)
{
    Sides sides;
    const auto init = sides.Connect();
    const auto fuzz = init->makeFuzz();
    auto other_init = sides.Connect();
    const auto object = other_init->makeFuzz()->makeObject(1);
    EXPECT_EQ(fuzz->liveObjects(), 1);
    other_init.reset();
    EXPECT_THROW(object->id(), std::runtime_error);
    ExpectNoObjectsSoon(*fuzz);
}

TEST(Binding, CallThrowsIfTheServerEndsMeanwhile)
{
    Sides sides;
    const auto init = sides.Connect();
    const auto fuzz = init->makeFuzz();
    const auto leave = [&](int32_t value) {
        sides.server.reset();
        return value;
    };
    EXPECT_THROW(fuzz->callFunction(leave, 0), std::runtime_error);
    EXPECT_THROW(fuzz->addOnLoop(0), std::runtime_error);
}

} // namespace
} // namespace mpfuzz::fuzz_interface
