// SIGTERM ends the node at once, even if calls are pending. With the planted bug `unkillable` it does not.
#include <targets/model_node/testing/node_process.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <vector>

namespace mpfuzz::model_node {
namespace {

using Clock = std::chrono::steady_clock;

// Makes calls that stay pending: waits with and without a time limit, for the tip and for fees, and calls that wait for
// their thread.
std::vector<kj::Promise<void>> LeavePending(kj::AsyncIoContext& io, Client& client)
{
    std::vector<kj::Promise<void>> pending;
    auto thread{client.MakeThread()}, busy_thread{client.MakeThread()};
    auto mining{client.MakeMining(thread)};
    auto tip{client.With(mining.getTipRequest(), thread).send().wait(io.waitScope)};
    auto unlimited{client.With(mining.waitTipChangedRequest(), busy_thread)};
    unlimited.setCurrentTip(tip.getResult().getHash());
    pending.push_back(unlimited.send().ignoreResult());
    for (int i{0}; i < 50; ++i) {
        pending.push_back(client.With(mining.getTipRequest(), busy_thread).send().ignoreResult());
    }
    auto limited{client.With(mining.waitTipChangedRequest(), client.MakeThread())};
    limited.setCurrentTip(tip.getResult().getHash());
    limited.setTimeout(1e6);
    pending.push_back(limited.send().ignoreResult());
    auto block_template{client.With(mining.createNewBlockRequest(), thread).send().getResult()};
    auto next{client.With(block_template.waitNextRequest(), client.MakeThread())};
    next.initOptions().setFeeThreshold(1'000'000);
    pending.push_back(next.send().ignoreResult());
    client.With(mining.getTipRequest(), thread).send().wait(io.waitScope);
    return pending;
}

TEST(Sigterm, EndsTheNodePromptlyAndCleanlyIfCallsArePending)
{
    kj::AsyncIoContext io{kj::setupAsyncIo()};
    auto shortest{Clock::duration::max()};
    // A busy machine may be slow once, but not every time.
    for (int round{0}; round < 5 && shortest >= std::chrono::seconds{1}; ++round) {
        NodeProcess node;
        Client client{io, node};
        const auto pending{LeavePending(io, client)};
        const auto begin{Clock::now()};
        const ProcessEnd end{node.Stop()};
        shortest = std::min(shortest, Clock::now() - begin);
        EXPECT_EQ(end.exit_status, 0);
        EXPECT_EQ(end.error_output, "");
    }
    EXPECT_LT(shortest, std::chrono::seconds{1});
}

TEST(Unkillable, RunsAsLongAsACallIsPending)
{
    kj::AsyncIoContext io{kj::setupAsyncIo()};
    NodeProcess node{{"--bug", "unkillable"}};
    {
        Client client{io, node};
        const auto pending{LeavePending(io, client)};
        node.Terminate();
        for (int i{0}; i < 20; ++i) {
            Client other{io, node};
            auto thread{other.MakeThread()};
            auto mining{other.MakeMining(thread)};
            EXPECT_TRUE(other.With(mining.isTestChainRequest(), thread).send().wait(io.waitScope).getResult());
        }
    }
    // The client has disconnected, so no call is pending.
    EXPECT_EQ(node.WaitForEnd().exit_status, 0);
}

} // namespace
} // namespace mpfuzz::model_node
