// Calls, callbacks, and the threads that run them.
#include <fuzz_interface/interface/transform.h>
#include <fuzz_interface/native/binding_fixture.h>

#include <barrier>
#include <set>
#include <thread>
#include <vector>

namespace mpfuzz::fuzz_interface::native {
namespace {

using fuzz_interface::FuzzError;

class CallTest : public BindingTest
{
protected:
    Client m_client{Connect()};
    fuzz_interface::FuzzInterface& m_fuzz{*m_client.fuzz};
};

TEST_F(CallTest, CallsBackOnTheThreadThatCalls)
{
    std::set<std::thread::id> threads;
    const auto twice{[&](int32_t value) {
        threads.insert(std::this_thread::get_id());
        return 2 * value;
    }};
    TestCallback callback{twice};
    EXPECT_EQ(m_fuzz.callFunction(twice, 1), 3);
    EXPECT_EQ(m_fuzz.callObject(callback, 2), 5);
    EXPECT_EQ(m_fuzz.callUnique(std::make_unique<TestCallback>(twice), 3), 7);
    EXPECT_EQ(m_fuzz.callShared(std::make_shared<TestCallback>(twice), 4), 9);
    EXPECT_EQ(threads, std::set{std::this_thread::get_id()});
}

TEST_F(CallTest, NestedCallsRunOnTheSameThread)
{
    int calls{0};
    TestCallback callback{[&](int32_t value) {
                              ++calls;
                              EXPECT_EQ(m_fuzz.addOnLoop(value), value + 1);
                              return value;
                          },
                          &m_fuzz};
    EXPECT_EQ(m_fuzz.recurse(callback, 7, 9), fuzz_interface::Recurse(7, 9));
    EXPECT_EQ(calls, 5);
}

TEST_F(CallTest, RunsTheCallsOfTwoThreadsAtOnce)
{
    std::barrier both{2};
    const auto meet{[&](int32_t value) {
        both.arrive_and_wait();
        return value;
    }};
    std::thread other{[&] { EXPECT_EQ(m_fuzz.callFunction(meet, 1), 2); }};
    EXPECT_EQ(m_fuzz.callFunction(meet, 3), 4);
    other.join();
}

TEST_F(CallTest, ManyThreadsCanUseOneConnection)
{
    std::vector<std::thread> threads;
    for (int32_t thread{0}; thread < 8; ++thread) {
        threads.emplace_back([&, thread] {
            for (int32_t i{0}; i < 50; ++i) {
                int32_t value{thread * 1000 + i};
                m_fuzz.addInt32(value);
                EXPECT_EQ(value, thread * 1000 + i + 1);
            }
        });
    }
    for (auto& thread : threads) thread.join();
}

// The server allows 128 threads at a time.
TEST_F(CallTest, ReleasesTheServersThreadsOfEndedClientThreads)
{
    for (int32_t i{0}; i < 300; ++i) {
        std::thread{[&] { EXPECT_EQ(m_fuzz.rotateInt64(i), fuzz_interface::RotateInt64(i)); }}.join();
    }
}

TEST_F(CallTest, DestroysCallbacksBeforeItReturns)
{
    bool destroyed{false};
    const auto same{[&](int32_t value) {
        EXPECT_FALSE(destroyed);
        return value;
    }};
    const auto note{[&] { destroyed = true; }};
    m_fuzz.callUnique(std::make_unique<TestCallback>(same, nullptr, note), 1);
    EXPECT_TRUE(destroyed);
    destroyed = false;
    m_fuzz.callShared(std::make_shared<TestCallback>(same, nullptr, note), 1);
    EXPECT_TRUE(destroyed);
}

TEST_F(CallTest, AnExceptionOfACallbackReachesTheCaller)
{
    const auto fail{[](int32_t) -> int32_t { throw std::runtime_error{"callback failed"}; }};
    EXPECT_NE(ErrorOf([&] { m_fuzz.callFunction(fail, 1); }).find("callback failed"), std::string::npos);
    TestCallback callback{fail};
    EXPECT_NE(ErrorOf([&] { m_fuzz.callObject(callback, 1); }).find("callback failed"), std::string::npos);
}

TEST_F(CallTest, RaisesTheExceptionsThatTheSchemaDeclares)
{
    try {
        m_fuzz.raise(fuzz_interface::RAISE_TYPED, 5, "typed");
        FAIL() << "no error";
    } catch (const FuzzError& error) {
        EXPECT_EQ(error, (FuzzError{5, "typed"}));
    }
    EXPECT_EQ(ErrorOf([&] { m_fuzz.raise(fuzz_interface::RAISE_STANDARD, 5, "standard"); }), "standard");
    EXPECT_NE(ErrorOf([&] { m_fuzz.raise(fuzz_interface::RAISE_UNKNOWN, 5, "unknown"); }), "");
    EXPECT_EQ(m_fuzz.raise(0, 5, "none"), 5);
}

TEST_F(CallTest, RaisesAnErrorWithAnEmptyMessage)
{
    EXPECT_THROW(m_fuzz.raise(fuzz_interface::RAISE_STANDARD, 0, ""), std::runtime_error);
    EXPECT_THROW(m_fuzz.raise(fuzz_interface::RAISE_TYPED, 0, ""), FuzzError);
}

TEST_F(CallTest, AcceptsNullIfItIsAllowed)
{
    EXPECT_NE(ErrorOf([&] { m_fuzz.callFunction(nullptr, 1); }), "") << "an empty function cannot be called";
    EXPECT_NE(ErrorOf([&] { m_fuzz.callUnique(nullptr, 1); }), "");
    EXPECT_NE(ErrorOf([&] { m_fuzz.callShared(nullptr, 1); }), "");
    EXPECT_EQ(m_fuzz.rotateInt64(1), 1 << 13);
}

TEST_F(CallTest, VisitsObjectsInOrder)
{
    const auto object{m_fuzz.makeObject(3)};
    EXPECT_EQ(object->id(), 3);
    const uint64_t first{fuzz_interface::NextVisit(3, 0, 10)};
    EXPECT_EQ(object->visit(10), first);
    EXPECT_EQ(m_fuzz.visitObject(*object, 11), fuzz_interface::NextVisit(3, first, 11)) << "an object of the server";
    const auto child{object->makeChild(4)};
    EXPECT_EQ(child->visit(12), fuzz_interface::NextVisit(4, 0, 12));
}

TEST_F(CallTest, AnObjectIsDestroyedBeforeItsDestructorReturns)
{
    const int32_t before{m_fuzz.liveObjects()};
    auto object{m_fuzz.makeObject(1)};
    auto child{object->makeChild(2)};
    EXPECT_EQ(m_fuzz.liveObjects(), before + 2);
    object = nullptr;
    EXPECT_EQ(m_fuzz.liveObjects(), before + 1);
    EXPECT_EQ(child->id(), 2);
    child = nullptr;
    EXPECT_EQ(m_fuzz.liveObjects(), before);
}

TEST_F(CallTest, CallsStoredCallbacksOfOtherClients)
{
    const auto other{Connect()};
    m_fuzz.store(1, std::make_shared<TestCallback>([](int32_t value) { return -value; }));
    EXPECT_EQ(other.fuzz->callStored(1, 10), fuzz_interface::PassOn(-10));
    EXPECT_TRUE(other.fuzz->forget(1));
    EXPECT_NE(ErrorOf([&] { m_fuzz.callStored(1, 10); }), "");
    EXPECT_NE(ErrorOf([&] { m_fuzz.callStored(fuzz_interface::SLOTS, 10); }), "");
}

} // namespace
} // namespace mpfuzz::fuzz_interface::native
