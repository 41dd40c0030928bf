#include <fuzz_interface/interface/transform.h>
#include <fuzz_interface/server/implementation.h>

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>
#include <vector>

namespace mpfuzz::fuzz_interface {
namespace {

//! Returns its argument.
class Echo final : public FuzzCallback
{
public:
    explicit Echo(FuzzInterface* again = nullptr) : m_again{again} {}

    int32_t call(int32_t value) override
    {
        // A deadlock if the caller holds the lock of the slots.
        if (m_again) m_again->forget(0);
        return value;
    }
    int32_t recurse(int32_t value, int32_t) override { return value; }

private:
    FuzzInterface* m_again;
};

TEST(Implementation, CountsObjectsOfAllConnections)
{
    const auto init{MakeImplementation({})};
    const auto one{init->makeFuzz()}, other{init->makeFuzz()};
    auto object{one->makeObject(1)};
    auto child{object->makeChild(2)};
    EXPECT_EQ(other->liveObjects(), 2);
    object.reset();
    EXPECT_EQ(other->liveObjects(), 1);
    EXPECT_EQ(child->id(), 2);
    EXPECT_EQ(other->visitObject(*child, 7), NextVisit(2, 0, 7));
    child.reset();
    EXPECT_EQ(one->liveObjects(), 0);
}

TEST(Implementation, ObjectsMayOutliveIt)
{
    auto init{MakeImplementation({})};
    const auto object{init->makeFuzz()->makeObject(3)};
    init.reset();
    EXPECT_EQ(object->visit(1), NextVisit(3, 0, 1));
}

TEST(Implementation, SlotsAreSharedByAllConnections)
{
    const auto init{MakeImplementation({})};
    const auto one{init->makeFuzz()}, other{init->makeFuzz()};
    one->store(1, std::make_shared<Echo>());
    EXPECT_EQ(other->callStored(1, 5), PassOn(5));
    EXPECT_TRUE(other->forget(1));
    EXPECT_FALSE(one->forget(1));
    EXPECT_THROW(one->callStored(1, 5), std::runtime_error);
}

TEST(Implementation, HoldsNoLockWhileItCallsBack)
{
    const auto init{MakeImplementation({})};
    const auto fuzz{init->makeFuzz()};
    fuzz->store(0, std::make_shared<Echo>(fuzz.get()));
    EXPECT_EQ(fuzz->callStored(0, 5), PassOn(5));
    EXPECT_FALSE(fuzz->forget(0));
}

TEST(Implementation, StoreThrowsAfterClose)
{
    const auto init{MakeImplementation({})};
    const auto fuzz{init->makeFuzz()};
    const auto callback{std::make_shared<Echo>()};
    fuzz->store(0, callback);
    init->Close();
    EXPECT_EQ(callback.use_count(), 1);
    EXPECT_THROW(fuzz->store(0, callback), std::runtime_error);
    EXPECT_EQ(callback.use_count(), 1);
}

TEST(Implementation, RefusesInvalidArguments)
{
    const auto init{MakeImplementation({})};
    const auto fuzz{init->makeFuzz()};
    EXPECT_THROW(fuzz->nextColour(static_cast<Colour>(255)), std::runtime_error);
    EXPECT_THROW(fuzz->callFunction(nullptr, 1), std::runtime_error);
    EXPECT_THROW(fuzz->callUnique(nullptr, 1), std::runtime_error);
    EXPECT_THROW(fuzz->callShared(nullptr, 1), std::runtime_error);
    EXPECT_THROW(fuzz->store(0, nullptr), std::runtime_error);
    EXPECT_THROW(fuzz->forget(-1), std::out_of_range);
    EXPECT_THROW(fuzz->callStored(SLOTS, 1), std::out_of_range);
    Echo callback;
    EXPECT_THROW(fuzz->recurse(callback, 1, -1), std::runtime_error);
    EXPECT_THROW(fuzz->recurse(callback, 1, MAX_DEPTH + 1), std::runtime_error);
}

TEST(Implementation, MayBeCalledOnManyThreads)
{
    const auto init{MakeImplementation({})};
    const auto fuzz{init->makeFuzz()};
    std::vector<std::thread> threads;
    for (int32_t slot{0}; slot < 2 * SLOTS; ++slot) {
        threads.emplace_back([&fuzz, slot] {
            for (int32_t round{0}; round < 1'000; ++round) {
                fuzz->store(slot / 2, std::make_shared<Echo>());
                fuzz->makeObject(round)->visit(1);
                fuzz->forget(slot / 2);
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(fuzz->liveObjects(), 0);
}

TEST(Bugs, AreFoundByName)
{
    for (const BugInfo& bug : AllBugs()) {
        Bugs bugs;
        EXPECT_TRUE(Enable(bugs, bug.name));
        EXPECT_TRUE(bugs.*bug.flag);
    }
    Bugs bugs;
    EXPECT_FALSE(Enable(bugs, "nonesuch"));
}

} // namespace
} // namespace mpfuzz::fuzz_interface
