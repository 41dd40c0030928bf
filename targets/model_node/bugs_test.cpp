// Tests the planted bugs that kill the server: they do so if and only if they are switched on. For the other bugs see
// planted_test.cpp.
#include <targets/model_node/bugs.h>
#include <targets/model_node/encode.h>
#include <targets/model_node/testing/node_process.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

namespace mpfuzz::model_node {
namespace {

using testing::HasSubstr;

void TriggerWorkerException(kj::AsyncIoContext& io, const NodeProcess& node)
{
    Client client{io, node};
    auto thread{client.MakeThread()};
    auto mining{client.MakeMining(thread)};
    auto block_template{client.With(mining.createNewBlockRequest(), thread).send().getResult()};
    client.With(block_template.submitSolutionRequest(), thread)
        .send()
        .ignoreResult()
        .catch_([](kj::Exception&&) {})
        .wait(io.waitScope);
}

void TriggerOptionRange(kj::AsyncIoContext& io, const NodeProcess& node)
{
    Client client{io, node};
    auto thread{client.MakeThread()};
    auto mining{client.MakeMining(thread)};
    auto request{client.With(mining.createNewBlockRequest(), thread)};
    request.initOptions().setBlockReservedWeight(0);
    request.send().ignoreResult().catch_([](kj::Exception&&) {}).wait(io.waitScope);
}

//! Starts a wait for another tip on a thread.
auto StartWaiting(kj::AsyncIoContext& io, Client& client, messages::Mining::Client& mining,
                  multiprocess::Thread::Client& thread)
{
    auto tip{client.With(mining.getTipRequest(), thread).send().wait(io.waitScope)};
    auto request{client.With(mining.waitTipChangedRequest(), thread)};
    request.setCurrentTip(tip.getResult().getHash());
    return request.send();
}

void TriggerDisconnectInCall(kj::AsyncIoContext& io, const NodeProcess& node)
{
    Client client{io, node};
    auto thread{client.MakeThread()};
    auto mining{client.MakeMining(thread)};
    auto waiting{StartWaiting(io, client, mining, thread)};
    // After an answer from another thread, the wait has been sent too.
    client.With(mining.getTipRequest(), client.MakeThread()).send().wait(io.waitScope);
}

void TriggerBusyThread(kj::AsyncIoContext& io, const NodeProcess& node)
{
    Client client{io, node};
    auto thread{client.MakeThread()};
    auto mining{client.MakeMining(thread)};
    auto running{StartWaiting(io, client, mining, thread)};
    auto waiting{client.With(mining.getTipRequest(), thread).send()};
    auto one_too_many{client.With(mining.getTipRequest(), thread).send()};
    client.With(mining.getTipRequest(), client.MakeThread())
        .send()
        .ignoreResult()
        .catch_([](kj::Exception&&) {})
        .wait(io.waitScope);
}

void TriggerThreadHandleRace(kj::AsyncIoContext& io, const NodeProcess& node)
{
    // The bug is a race that occurs only once in many tries.
    constexpr int ROUNDS{300};
    Client client{io, node};
    bool alive{true};
    for (int round{0}; alive && round < ROUNDS; ++round) {
        client.MakeThread();
        client.Init()
            .constructRequest()
            .send()
            .ignoreResult()
            .catch_([&](kj::Exception&&) { alive = false; })
            .wait(io.waitScope);
    }
}

// A thread of the client that answers with an error.
class FailingThread final : public multiprocess::Thread::Server
{
public:
    kj::Promise<void> getName(GetNameContext) override
    {
        return kj::Exception{kj::Exception::Type::FAILED, __FILE__, __LINE__, kj::str("the client refuses")};
    }
};

void TriggerDestroyError(kj::AsyncIoContext& io, const NodeProcess& node)
{
    // The server's request to the client's thread follows the first answer. The error arrives before the last call.
    constexpr int ROUND_TRIPS{10};
    Client client{io, node};
    auto thread{client.MakeThread()};
    auto mining{client.MakeMining(thread)};
    for (int i{0}; i < ROUND_TRIPS; ++i) {
        auto request{client.With(mining.getTipRequest(), thread)};
        if (i == 0) request.getContext().setCallbackThread(kj::heap<FailingThread>());
        request.send().ignoreResult().catch_([](kj::Exception&&) {}).wait(io.waitScope);
    }
}

void TriggerEmptyVector(kj::AsyncIoContext& io, const NodeProcess& node)
{
    Client client{io, node};
    auto thread{client.MakeThread()};
    auto request{client.With(client.MakeMining(thread).checkBlockRequest(), thread)};
    request.setBlock(AsData(Bytes{}));
    request.send().ignoreResult().catch_([](kj::Exception&&) {}).wait(io.waitScope);
}

struct Planted {
    const char* name;
    void (*trigger)(kj::AsyncIoContext& io, const NodeProcess& node);
    int signal;           // In builds without sanitizers.
    const char* log_tail; // In all builds.
};

//! Prints the name in test names, instead of addresses.
void PrintTo(const Planted& bug, std::ostream* out) { *out << bug.name; }

class PlantedBug : public testing::TestWithParam<Planted>
{
};

TEST_P(PlantedBug, KillsTheServer)
{
    kj::AsyncIoContext io{kj::setupAsyncIo()};
    NodeProcess node{{"--bug", GetParam().name}};
    GetParam().trigger(io, node);
    const ProcessEnd end{node.WaitForEnd()};
    EXPECT_THAT(end.error_output, HasSubstr(GetParam().log_tail));
    // With a sanitizer, the process exits with a status instead of a signal.
    if (end.signal) {
        EXPECT_EQ(*end.signal, GetParam().signal);
    } else {
        EXPECT_NE(end.exit_status, 0);
    }
}

TEST_P(PlantedBug, DoesNotOccurIfSwitchedOff)
{
    kj::AsyncIoContext io{kj::setupAsyncIo()};
    NodeProcess node;
    GetParam().trigger(io, node);
    const ProcessEnd end{node.Stop()};
    EXPECT_EQ(end.exit_status, 0);
    EXPECT_EQ(end.error_output, "");
}

INSTANTIATE_TEST_SUITE_P(
    All, PlantedBug,
    testing::Values(Planted{"worker-exception", TriggerWorkerException, SIGABRT, "the data end too early"},
                    Planted{"option-range", TriggerOptionRange, SIGABRT, "Assertion `ExplainBadOptions(options)"},
                    Planted{"disconnect-in-call", TriggerDisconnectInCall, SIGSEGV, ""},
                    Planted{"busy-thread", TriggerBusyThread, SIGABRT, "Assertion `m_calls < MAX_TRUSTED_CALLS'"},
                    Planted{"thread-handle-race", TriggerThreadHandleRace, SIGSEGV, ""},
                    Planted{"destroy-error", TriggerDestroyError, SIGABRT, "the client refuses"},
                    Planted{"empty-vector", TriggerEmptyVector, SIGABRT, "null"}),
    [](const auto& test) {
        std::string name{test.param.name};
        std::erase(name, '-');
        return name;
    });

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

TEST(CommandLine, SaysWhatToChange)
{
    const auto refused{[](std::vector<std::string> arguments) {
        NodeProcess node{arguments};
        return node.WaitForEnd();
    }};
    EXPECT_EQ(refused({"--nonesuch"}).exit_status, 2);
    EXPECT_THAT(refused({"--nonesuch"}).error_output, HasSubstr("--nonesuch"));
    EXPECT_EQ(refused({"--bug", "nonesuch"}).exit_status, 2);
    EXPECT_THAT(refused({"--bug", "nonesuch"}).error_output, HasSubstr("--list-bugs"));
    EXPECT_EQ(refused({"--socket-fd", "0"}).exit_status, 2);
    EXPECT_EQ(refused({"--list-bugs"}).exit_status, 0);
}

} // namespace
} // namespace mpfuzz::model_node
