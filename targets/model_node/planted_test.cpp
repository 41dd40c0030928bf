// Tests the planted bugs that do not kill the server: a client notices them if and only if they are switched on.
#include <targets/model_node/testing/node_process.h>

#include <gtest/gtest.h>

#include <chrono>
#include <ostream>
#include <string>
#include <vector>

namespace mpfuzz::model_node {
namespace {

using Clock = std::chrono::steady_clock;

using WaitingCall = capnp::RemotePromise<messages::Mining::WaitTipChangedResults>;

// Starts a wait for another tip, without a time limit.
WaitingCall WaitForever(Client& client, messages::Mining::Client& mining, capnp::Data::Reader tip,
                        multiprocess::Thread::Client thread)
{
    auto request{client.With(mining.waitTipChangedRequest(), kj::mv(thread))};
    request.setCurrentTip(tip);
    return request.send();
}

// While one client interrupts its waits, the other clients have to wait.
bool SeesLoopBlocking(kj::AsyncIoContext& io, const NodeProcess& node)
{
    Client slow{io, node}, other{io, node};
    auto slow_thread{slow.MakeThread()}, other_thread{other.MakeThread()};
    auto slow_mining{slow.MakeMining(slow_thread)}, other_mining{other.MakeMining(other_thread)};
    slow.With(slow_mining.getTipRequest(), slow_thread).send().wait(io.waitScope);
    other.With(other_mining.getTipRequest(), other_thread).send().wait(io.waitScope);
    // A busy machine may be slow once, but not every time.
    for (int rounds{0}, tries{0}; rounds < 3; ++tries) {
        const auto begin{Clock::now()};
        const auto is_late{[&] { return Clock::now() - begin >= std::chrono::seconds{1}; }};
        auto interrupting{slow_mining.interruptRequest().send()};
        other.With(other_mining.getTipRequest(), other_thread).send().wait(io.waitScope);
        const bool waited{is_late()};
        interrupting.wait(io.waitScope);
        // The server sometimes reads the second connection first: then only the interrupt is late.
        if (!waited && (!is_late() || tries >= 10)) return false;
        rounds += waited;
    }
    return true;
}

// A request that is cut off is answered as if it were complete.
bool SeesJsonTruncated(kj::AsyncIoContext& io, const NodeProcess& node)
{
    Client client{io, node};
    auto thread{client.MakeThread()};
    auto rpc{client.With(client.Init().makeRpcRequest(), thread).send().getResult()};
    auto request{client.With(rpc.executeRpcRequest(), thread)};
    request.setRequest(R"({"id":7,"method":"getblockcount","params":[)");
    const auto reply{request.send().wait(io.waitScope)};
    return std::string{reply.getResult().cStr()} == R"({"error":null,"id":7,"result":0})";
}

// One client gets more threads than a client may have.
bool SeesThreadExhaustion(kj::AsyncIoContext& io, const NodeProcess& node)
{
    constexpr uint32_t COUNT{300};
    Client client{io, node};
    auto request{client.Threads().makePoolRequest()};
    request.setCount(COUNT);
    bool refused{false};
    request.send().ignoreResult().catch_([&](kj::Exception&&) { refused = true; }).wait(io.waitScope);
    return !refused && node.CountThreads() > COUNT;
}

// A wait does not end although the fees are at the threshold from the beginning.
bool SeesWrongTemplate(kj::AsyncIoContext& io, const NodeProcess& node)
{
    Client client{io, node};
    auto thread{client.MakeThread()};
    auto mining{client.MakeMining(thread)};
    auto create{client.With(mining.createNewBlockRequest(), thread)};
    create.initOptions().setUseMempool(false);
    auto block_template{create.send().getResult()};
    auto next{client.With(block_template.waitNextRequest(), thread)};
    next.initOptions().setTimeout(0);
    next.getOptions().setFeeThreshold(0);
    return !next.send().wait(io.waitScope).hasResult();
}

// An object is destroyed before earlier calls to it run.
bool IsDestroyedTooEarly(kj::AsyncIoContext& io, Client& client)
{
    auto thread{client.MakeThread()}, other_thread{client.MakeThread()};
    auto mining{client.MakeMining(thread)};
    auto echo{client.MakeEcho(thread)};
    auto tip{client.With(mining.getTipRequest(), thread).send().wait(io.waitScope)};
    auto running{WaitForever(client, mining, tip.getResult().getHash(), thread)};
    auto first{client.With(echo.echoRequest(), thread).send()};
    auto second{client.With(echo.echoRequest(), thread).send()};
    auto third{client.With(echo.destroyRequest(), thread).send()};
    // After an answer from another thread, all three calls have reached their thread.
    client.With(mining.getTipRequest(), other_thread).send().wait(io.waitScope);
    mining.interruptRequest().send().wait(io.waitScope);
    bool failed{false};
    first.ignoreResult().catch_([&](kj::Exception&&) { failed = true; }).wait(io.waitScope);
    second.ignoreResult().catch_([&](kj::Exception&&) { failed = true; }).wait(io.waitScope);
    third.wait(io.waitScope);
    return failed;
}

bool SeesReordered(kj::AsyncIoContext& io, const NodeProcess& node)
{
    Client client{io, node};
    // On a busy machine the thread may take the wait together with some of the later calls.
    for (int round{0}; round < 100; ++round) {
        if (IsDestroyedTooEarly(io, client)) return true;
    }
    return false;
}

// The same call gets another answer if it is pipelined.
bool SeesPipelinedStale(kj::AsyncIoContext& io, const NodeProcess& node)
{
    Client client{io, node};
    auto thread{client.MakeThread()};
    auto mining{client.MakeMining(thread)};
    client.With(mining.getTipRequest(), thread).send().wait(io.waitScope);
    // On a busy machine the server may answer before the second call is sent.
    for (int round{0}; round < 100; ++round) {
        auto creating{client.With(mining.createNewBlockRequest(), thread).send()};
        auto early{client.With(creating.getResult().getTxFeesRequest(), thread).send()};
        auto block_template{creating.wait(io.waitScope).getResult()};
        const auto early_count{early.wait(io.waitScope).getResult().size()};
        auto late{client.With(block_template.getTxFeesRequest(), thread).send().wait(io.waitScope)};
        if (early_count != late.getResult().size()) return true;
    }
    return false;
}

struct Visible {
    const char* name;
    bool (*is_seen)(kj::AsyncIoContext& io, const NodeProcess& node);
};

//! Prints the name in test names, instead of addresses.
void PrintTo(const Visible& bug, std::ostream* out) { *out << bug.name; }

class VisibleBug : public testing::TestWithParam<Visible>
{
};

TEST_P(VisibleBug, IsNoticedByAClient)
{
    kj::AsyncIoContext io{kj::setupAsyncIo()};
    NodeProcess node{{"--bug", GetParam().name}};
    EXPECT_TRUE(GetParam().is_seen(io, node));
    EXPECT_EQ(node.Stop().exit_status, 0);
}

TEST_P(VisibleBug, DoesNotOccurIfSwitchedOff)
{
    kj::AsyncIoContext io{kj::setupAsyncIo()};
    NodeProcess node;
    EXPECT_FALSE(GetParam().is_seen(io, node));
    const ProcessEnd end{node.Stop()};
    EXPECT_EQ(end.exit_status, 0);
    EXPECT_EQ(end.error_output, "");
}

INSTANTIATE_TEST_SUITE_P(
    All, VisibleBug,
    testing::Values(Visible{"loop-blocking", SeesLoopBlocking}, Visible{"json-truncated", SeesJsonTruncated},
                    Visible{"thread-exhaustion", SeesThreadExhaustion}, Visible{"wrong-template", SeesWrongTemplate},
                    Visible{"reordered", SeesReordered}, Visible{"pipelined-stale", SeesPipelinedStale}),
    [](const auto& test) {
        std::string name{test.param.name};
        std::erase(name, '-');
        return name;
    });

// Sends bursts of calls on one thread. Returns true if one is not answered in time.
bool HangsInABurst(kj::AsyncIoContext& io, const NodeProcess& node, int bursts, kj::Duration patience)
{
    constexpr size_t CALLS{20};
    Client client{io, node};
    auto thread{client.MakeThread()};
    auto echo{client.MakeEcho(thread)};
    for (int burst{0}; burst < bursts; ++burst) {
        auto calls{kj::heapArrayBuilder<kj::Promise<void>>(CALLS)};
        for (size_t i{0}; i < CALLS; ++i) {
            calls.add(client.With(echo.echoRequest(), thread).send().ignoreResult());
        }
        auto answered{kj::joinPromises(calls.finish()).then([] { return true; })};
        auto late{io.provider->getTimer().afterDelay(patience).then([] { return false; })};
        if (!answered.exclusiveJoin(kj::mv(late)).wait(io.waitScope)) return true;
    }
    return false;
}

TEST(LockOrder, MakesTheServerHang)
{
    kj::AsyncIoContext io{kj::setupAsyncIo()};
    NodeProcess node{{"--bug", "lock-order"}};
    EXPECT_TRUE(HangsInABurst(io, node, /*bursts=*/5'000, 1 * kj::SECONDS));
    Client other{io, node};
    auto answered{other.Init().constructRequest().send().ignoreResult().then([] { return true; })};
    auto late{io.provider->getTimer().afterDelay(200 * kj::MILLISECONDS).then([] { return false; })};
    EXPECT_FALSE(answered.exclusiveJoin(kj::mv(late)).wait(io.waitScope));
}

TEST(LockOrder, DoesNotOccurIfSwitchedOff)
{
    kj::AsyncIoContext io{kj::setupAsyncIo()};
    NodeProcess node;
    EXPECT_FALSE(HangsInABurst(io, node, /*bursts=*/50, 1 * kj::MINUTES));
    EXPECT_EQ(node.Stop().exit_status, 0);
}

// ModelNode.ForgetsAClientThatLeavesWhileItsCallsWait tests the node without the bug.
TEST(WaitLeak, KeepsTheThreadsOfAClientThatHasDisconnected)
{
    constexpr size_t WAITS{10};
    kj::AsyncIoContext io{kj::setupAsyncIo()};
    NodeProcess node{{"--bug", "wait-leak"}};
    Client observer{io, node};
    auto observer_thread{observer.MakeThread()};
    auto observer_mining{observer.MakeMining(observer_thread)};
    auto tip{observer.With(observer_mining.getTipRequest(), observer_thread).send().wait(io.waitScope)};
    const size_t threads{node.CountThreads()};
    {
        Client client{io, node};
        auto mining{client.MakeMining(client.MakeThread())};
        std::vector<WaitingCall> waiting;
        for (size_t i{0}; i < WAITS; ++i) {
            waiting.push_back(WaitForever(client, mining, tip.getResult().getHash(), client.MakeThread()));
        }
        client.With(mining.getTipRequest(), client.MakeThread()).send().wait(io.waitScope);
        client.LeaveAndAwaitDisconnect();
    }
    for (int i{0}; i < 100; ++i) {
        observer.With(observer_mining.getTipRequest(), observer_thread).send().wait(io.waitScope);
        ASSERT_GE(node.CountThreads(), threads + WAITS);
    }
    EXPECT_EQ(node.Stop().exit_status, 0) << "the end of the process ends the waits";
}

} // namespace
} // namespace mpfuzz::model_node
