// Tests the server as a process, through a socket.
#include <targets/model_node/encode.h>
#include <targets/model_node/testing/node_process.h>
#include <targets/model_node/worker.h>

#include <capnp/dynamic.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace mpfuzz::model_node {
namespace {

using testing::HasSubstr;

class ModelNode : public testing::Test
{
protected:
    ~ModelNode() noexcept override {} // KJ's destructors may throw; GoogleTest's may not.

    // The text of the error that rejects `promise`; empty if it is fulfilled.
    template<typename Promise>
    std::string ErrorOf(Promise&& promise)
    {
        std::string text;
        promise.ignoreResult()
            .then([] {}, [&](kj::Exception&& error) { text = error.getDescription().cStr(); })
            .wait(m_io.waitScope);
        return text;
    }

    template<typename Promise>
    auto Wait(Promise&& promise)
    {
        return promise.wait(m_io.waitScope);
    }

    Hash256 TipOf(Client& client, messages::Mining::Client& mining, multiprocess::Thread::Client thread)
    {
        return ToHash(Wait(client.With(mining.getTipRequest(), thread).send()).getResult().getHash());
    }

    // Mines one block by template, nonce and submitSolution.
    void Mine(Client& client, messages::BlockTemplate::Client block_template, multiprocess::Thread::Client thread)
    {
        auto reply{Wait(client.With(block_template.getBlockRequest(), thread).send())};
        Block block{DecodeBlock(AsView(reply.getResult()))};
        block.header.merkle_root = BlockMerkleRoot(block);
        while (!HasProofOfWork(block.header)) ++block.header.nonce;
        const auto coinbase{Serialize(block.transactions[0], /*with_witness=*/true)};
        auto request{client.With(block_template.submitSolutionRequest(), thread)};
        request.setVersion(block.header.version);
        request.setTimestamp(block.header.time_s);
        request.setNonce(block.header.nonce);
        request.setCoinbase(AsData(coinbase));
        auto solved{Wait(request.send())};
        EXPECT_TRUE(solved.getResult()) << solved.getReason().cStr();
    }

    kj::AsyncIoContext m_io{kj::setupAsyncIo()};
    NodeProcess m_node;
};

TEST_F(ModelNode, AnswersPipelinedCallsOnPipelinedThreads)
{
    Client client{m_io, m_node};
    auto thread{client.MakeThread("a")};
    auto echo{client.MakeEcho(thread)};
    auto request{client.With(echo.echoRequest(), thread)};
    request.setEcho("hello");
    EXPECT_STREQ(Wait(request.send()).getResult().cStr(), "hello");
    EXPECT_STREQ(Wait(thread.getNameRequest().send()).getResult().cStr(), "model_node (from a)");
    Wait(client.With(echo.destroyRequest(), thread).send());
    EXPECT_THAT(ErrorOf(client.With(echo.echoRequest(), thread).send()), HasSubstr("destroyed"));
    EXPECT_EQ(m_node.Stop().exit_status, 0);
}

TEST_F(ModelNode, MinesByTemplatesAndEndsWaits)
{
    Client client{m_io, m_node};
    auto thread{client.MakeThread()};
    auto waiting_thread{client.MakeThread()};
    auto mining{client.MakeMining(thread)};
    const Hash256 genesis{TipOf(client, mining, thread)};
    EXPECT_EQ(ShowHash(genesis), "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206");

    auto first{client.With(mining.createNewBlockRequest(), thread).send().getResult()};
    auto wait_request{client.With(mining.waitTipChangedRequest(), waiting_thread)};
    wait_request.setCurrentTip(AsData(genesis));
    auto waiting{wait_request.send()};
    auto next{client.With(first.waitNextRequest(), client.MakeThread()).send()};
    Mine(client, first, thread);

    auto tip{Wait(kj::mv(waiting))};
    EXPECT_EQ(tip.getResult().getHeight(), 1);
    auto second{Wait(kj::mv(next)).getResult()};
    auto fees{Wait(client.With(second.getTxFeesRequest(), thread).send())};
    EXPECT_EQ(fees.getResult().size(), 3u);
    auto coinbase{Wait(client.With(second.getCoinbaseTxRequest(), thread).send())};
    EXPECT_EQ(coinbase.getResult().getBlockRewardRemaining(), 5'000'006'000);
    EXPECT_EQ(coinbase.getResult().getLockTime(), 1u);
    EXPECT_EQ(coinbase.getResult().getRequiredOutputs().size(), 1u);
    Mine(client, second, thread);
    EXPECT_NE(TipOf(client, mining, thread), ToHash(tip.getResult().getHash()));
}

TEST_F(ModelNode, ReturnsFromWaitsThatTimeOutOrAreInterrupted)
{
    Client client{m_io, m_node};
    auto thread{client.MakeThread()};
    auto mining{client.MakeMining(thread)};
    const Hash256 tip{TipOf(client, mining, thread)};
    for (const double timeout_ms :
         {0.0, -1.0, 1e-300, std::numeric_limits<double>::quiet_NaN(), -std::numeric_limits<double>::infinity(), 5.0}) {
        auto request{client.With(mining.waitTipChangedRequest(), thread)};
        request.setCurrentTip(AsData(tip));
        request.setTimeout(timeout_ms);
        auto reply{Wait(request.send())};
        ASSERT_TRUE(reply.hasResult()) << timeout_ms;
        EXPECT_EQ(ToHash(reply.getResult().getHash()), tip);
    }
    for (const double timeout_ms : {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::max()}) {
        auto request{client.With(mining.waitTipChangedRequest(), thread)};
        request.setCurrentTip(AsData(tip));
        request.setTimeout(timeout_ms);
        auto waiting{request.send()};
        Wait(mining.interruptRequest().send());
        EXPECT_FALSE(Wait(kj::mv(waiting)).hasResult()) << "an interrupted wait has no tip";
    }
    auto block_template{client.With(mining.createNewBlockRequest(), thread).send().getResult()};
    auto next{client.With(block_template.waitNextRequest(), thread)};
    next.initOptions().setTimeout(1);
    EXPECT_FALSE(Wait(next.send()).hasResult());
    next = client.With(block_template.waitNextRequest(), thread);
    next.initOptions().setFeeThreshold(std::numeric_limits<int64_t>::min());
    EXPECT_TRUE(Wait(next.send()).hasResult()) << "fees are above a negative threshold at once";
    auto waiting{client.With(block_template.waitNextRequest(), thread).send()};
    Wait(block_template.interruptWaitRequest().send());
    EXPECT_FALSE(Wait(kj::mv(waiting)).hasResult());
}

TEST_F(ModelNode, AnswersWrongContextsWithErrors)
{
    Client client{m_io, m_node}, other{m_io, m_node};
    auto thread{client.MakeThread()};
    auto mining{client.MakeMining(thread)};
    EXPECT_THAT(ErrorOf(mining.getTipRequest().send()), HasSubstr("names no thread"));
    EXPECT_THAT(ErrorOf(client.With(mining.getTipRequest(), other.MakeThread()).send()), HasSubstr("not one of ours"));
    EXPECT_NE(ErrorOf(client.With(mining.getTipRequest(), multiprocess::Thread::Client{nullptr}).send()), "");
    EXPECT_NE(ErrorOf(client.With(mining.getTipRequest(), mining.castAs<multiprocess::Thread>()).send()), "");
    EXPECT_THAT(ErrorOf(client.Init().makeMiningOld2Request().send()), HasSubstr("not supported"));

    auto pool{client.Threads().makePoolRequest()};
    pool.setCount(2);
    Wait(pool.send());
    EXPECT_EQ(ErrorOf(mining.getTipRequest().send()), "");
    EXPECT_THAT(ErrorOf(client.Threads().makePoolRequest().send()), HasSubstr("already"));
    auto too_many{other.Threads().makePoolRequest()};
    too_many.setCount(std::numeric_limits<uint32_t>::max());
    EXPECT_THAT(ErrorOf(too_many.send()), HasSubstr("too many"));
}

TEST_F(ModelNode, AnswersBadArgumentsWithErrors)
{
    Client client{m_io, m_node};
    auto thread{client.MakeThread()};
    auto mining{client.MakeMining(thread)};
    auto create{client.With(mining.createNewBlockRequest(), thread)};
    create.initOptions().setBlockReservedWeight(0);
    EXPECT_THAT(ErrorOf(create.send()), HasSubstr("block_reserved_weight (0)"));
    auto check{client.With(mining.checkBlockRequest(), thread)};
    check.setBlock(AsData(Bytes{1, 2, 3}));
    EXPECT_THAT(ErrorOf(check.send()), HasSubstr("end too early"));
    auto absent{Wait(client.With(mining.checkBlockRequest(), thread).send())};
    EXPECT_STREQ(absent.getReason().cStr(), "inconclusive-not-best-prevblk");
    auto find{client.With(mining.getTransactionsByTxIDRequest(), thread)};
    find.initTxids(1).set(0, AsData(Bytes(31, '\0')));
    EXPECT_NE(ErrorOf(find.send()), "");
    find = client.With(mining.getTransactionsByTxIDRequest(), thread);
    find.initTxids(1).set(0, AsData(Bytes(32, '\0')));
    EXPECT_EQ(Wait(find.send()).getResult()[0].size(), 0u);

    auto block_template{client.With(mining.createNewBlockRequest(), thread).send().getResult()};
    auto submit{client.With(block_template.submitSolutionRequest(), thread)};
    EXPECT_FALSE(Wait(submit.send()).getResult()) << "an empty coinbase is refused without a reason";
    submit = client.With(block_template.submitSolutionRequest(), thread);
    submit.setCoinbase(AsData(Bytes{1}));
    EXPECT_NE(ErrorOf(submit.send()), "");
    EXPECT_NE(ErrorOf(client.With(block_template.submitSolutionOld7Request(), thread).send()), "");
    Wait(client.With(block_template.destroyRequest(), thread).send());
    EXPECT_THAT(ErrorOf(client.With(block_template.getBlockRequest(), thread).send()), HasSubstr("destroyed"));
}

TEST_F(ModelNode, RunsCallsOnOneThreadInOrder)
{
    Client client{m_io, m_node};
    auto thread{client.MakeThread()};
    auto rpc{client.With(client.Init().makeRpcRequest(), thread).send().getResult()};
    std::vector<capnp::RemotePromise<messages::Rpc::ExecuteRpcResults>> replies;
    for (int i{0}; i < 50; ++i) {
        auto request{client.With(rpc.executeRpcRequest(), thread)};
        request.setRequest(i % 2 == 0 ? R"({"method":"generate","params":[1]})" : R"({"method":"getblockcount"})");
        replies.push_back(request.send());
    }
    for (int i{0}; i < 50; ++i) {
        const auto reply{Wait(kj::mv(replies[i]))};
        const std::string text{reply.getResult().cStr()};
        if (i % 2 == 1) {
            EXPECT_THAT(text, HasSubstr("\"result\":" + std::to_string(i / 2 + 1)));
        }
    }
}

TEST_F(ModelNode, ForgetsAClientThatLeavesWhileItsCallsWait)
{
    Client observer{m_io, m_node};
    auto observer_thread{observer.MakeThread()};
    auto observer_mining{observer.MakeMining(observer_thread)};
    const Hash256 tip{TipOf(observer, observer_mining, observer_thread)};
    const size_t threads{m_node.CountThreads()};
    for (int round{0}; round < 5; ++round) {
        Client client{m_io, m_node};
        std::vector<capnp::RemotePromise<messages::Mining::WaitTipChangedResults>> waiting;
        auto mining{client.MakeMining(client.MakeThread())};
        for (int i{0}; i < 10; ++i) {
            auto request{client.With(mining.waitTipChangedRequest(), client.MakeThread())};
            request.setCurrentTip(AsData(tip));
            waiting.push_back(request.send());
        }
        TipOf(client, mining, client.MakeThread());
        mining = nullptr;
        client.Leave();
    }
    // The server still answers the observer. In the end, only the idle threads that the pool keeps are left of the
    // other clients' threads.
    while (m_node.CountThreads() > threads + ThreadPool::MAX_IDLE)
        EXPECT_EQ(TipOf(observer, observer_mining, observer_thread), tip);
    EXPECT_EQ(m_node.Stop().exit_status, 0);
}

TEST_F(ModelNode, StopsAWaitWhoseCallIsCancelled)
{
    Client client{m_io, m_node};
    auto thread{client.MakeThread()};
    auto mining{client.MakeMining(thread)};
    const Hash256 tip{TipOf(client, mining, thread)};
    {
        auto request{client.With(mining.waitTipChangedRequest(), thread)};
        request.setCurrentTip(AsData(tip));
        auto cancelled{request.send()};
    }
    EXPECT_EQ(TipOf(client, mining, thread), tip) << "the thread is free again";
}

TEST_F(ModelNode, EndsCleanlyWithCallsWaiting)
{
    Client client{m_io, m_node};
    auto thread{client.MakeThread()};
    auto mining{client.MakeMining(thread)};
    auto request{client.With(mining.waitTipChangedRequest(), client.MakeThread())};
    request.setCurrentTip(AsData(TipOf(client, mining, thread)));
    auto waiting{request.send()};
    TipOf(client, mining, thread);
    const ProcessEnd end{m_node.Stop()};
    EXPECT_EQ(end.exit_status, 0);
    EXPECT_EQ(end.error_output, "");
}

} // namespace
} // namespace mpfuzz::model_node
