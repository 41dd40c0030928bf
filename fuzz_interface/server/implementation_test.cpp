#include <fuzz_interface/interface/transform.h>
#include <fuzz_interface/server/implementation.h>

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>
#include <vector>

namespace mpfuzz::fuzz_interface {
namespace {

//! Gives back what it is called with.
class Echo final : public FuzzCallback
{
public:
    explicit Echo(FuzzInterface* again = nullptr) : m_again{again} {}

    int32_t Call(int32_t value) override
    {
        // A deadlock where a lock of the slots is held.
        if (m_again) m_again->Forget(0);
        return value;
    }
    int32_t Recurse(int32_t value, int32_t) override { return value; }

private:
    FuzzInterface* m_again;
};

TEST(Implementation, CountsObjectsOfAllConnections)
{
    const auto init{MakeImplementation({})};
    const auto one{init->MakeFuzz()}, other{init->MakeFuzz()};
    auto object{one->MakeObject(1)};
    auto child{object->MakeChild(2)};
    EXPECT_EQ(other->LiveObjects(), 2);
    object.reset();
    EXPECT_EQ(other->LiveObjects(), 1);
    EXPECT_EQ(child->Id(), 2);
    EXPECT_EQ(other->VisitObject(*child, 7), NextVisit(2, 0, 7));
    child.reset();
    EXPECT_EQ(one->LiveObjects(), 0);
}

TEST(Implementation, ObjectsOutliveIt)
{
    auto init{MakeImplementation({})};
    const auto object{init->MakeFuzz()->MakeObject(3)};
    init.reset();
    EXPECT_EQ(object->Visit(1), NextVisit(3, 0, 1));
}

TEST(Implementation, SlotsAreSharedByAllConnections)
{
    const auto init{MakeImplementation({})};
    const auto one{init->MakeFuzz()}, other{init->MakeFuzz()};
    one->Store(1, std::make_shared<Echo>());
    EXPECT_EQ(other->CallStored(1, 5), PassOn(5));
    EXPECT_TRUE(other->Forget(1));
    EXPECT_FALSE(one->Forget(1));
    EXPECT_THROW(one->CallStored(1, 5), std::runtime_error);
}

TEST(Implementation, HoldsNoLockWhileItCallsBack)
{
    const auto init{MakeImplementation({})};
    const auto fuzz{init->MakeFuzz()};
    fuzz->Store(0, std::make_shared<Echo>(fuzz.get()));
    EXPECT_EQ(fuzz->CallStored(0, 5), PassOn(5));
    EXPECT_FALSE(fuzz->Forget(0));
}

TEST(Implementation, StoresNothingOnceItIsClosed)
{
    const auto init{MakeImplementation({})};
    const auto fuzz{init->MakeFuzz()};
    const auto callback{std::make_shared<Echo>()};
    fuzz->Store(0, callback);
    init->Close();
    EXPECT_EQ(callback.use_count(), 1);
    EXPECT_THROW(fuzz->Store(0, callback), std::runtime_error);
    EXPECT_EQ(callback.use_count(), 1);
}

TEST(Implementation, RefusesWhatIsNoArgument)
{
    const auto init{MakeImplementation({})};
    const auto fuzz{init->MakeFuzz()};
    EXPECT_THROW(fuzz->NextColour(static_cast<Colour>(255)), std::runtime_error);
    EXPECT_THROW(fuzz->CallFunction(nullptr, 1), std::runtime_error);
    EXPECT_THROW(fuzz->CallUnique(nullptr, 1), std::runtime_error);
    EXPECT_THROW(fuzz->CallShared(nullptr, 1), std::runtime_error);
    EXPECT_THROW(fuzz->Store(0, nullptr), std::runtime_error);
    EXPECT_THROW(fuzz->Forget(-1), std::out_of_range);
    EXPECT_THROW(fuzz->CallStored(SLOTS, 1), std::out_of_range);
    Echo callback;
    EXPECT_THROW(fuzz->Recurse(callback, 1, -1), std::runtime_error);
    EXPECT_THROW(fuzz->Recurse(callback, 1, MAX_DEPTH + 1), std::runtime_error);
}

TEST(Implementation, MayBeCalledOnManyThreads)
{
    const auto init{MakeImplementation({})};
    const auto fuzz{init->MakeFuzz()};
    std::vector<std::thread> threads;
    for (int32_t slot{0}; slot < 2 * SLOTS; ++slot) {
        threads.emplace_back([&fuzz, slot] {
            for (int32_t round{0}; round < 1'000; ++round) {
                fuzz->Store(slot / 2, std::make_shared<Echo>());
                fuzz->MakeObject(round)->Visit(1);
                fuzz->Forget(slot / 2);
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(fuzz->LiveObjects(), 0);
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
