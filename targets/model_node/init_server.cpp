#include <targets/model_node/init_server.h>

#include <targets/model_node/encode.h>
#include <targets/model_node/json_rpc.h>
#include <targets/model_node/mining_server.h>

#include <stdexcept>
#include <string>

namespace mpfuzz::model_node {
namespace {

// Guess: limits the time for parsing one request. Bitcoin Core has a limit for HTTP only.
constexpr size_t MAX_REQUEST_SIZE{4'000'000};

// The result of a job without a result. Such calls run on a thread only to keep the order of calls.
struct Nothing {
};

Nothing DoNothing(TipMonitor::Cancellation&) { return {}; }

} // namespace

kj::Promise<void> InitServer::construct(ConstructContext context)
{
    // The client's threads are for callbacks, and this server makes none.
    context.getResults().setThreadMap(kj::heap<ThreadMapServer>(*m_connection));
    return kj::READY_NOW;
}

kj::Promise<void> InitServer::makeEcho(MakeEchoContext context)
{
    return m_connection->RunOnThread<Nothing>(context, DoNothing, [this, self = thisCap()](auto& call, const Nothing&) {
        call.getResults().setResult(kj::heap<EchoServer>(*m_connection));
    });
}

kj::Promise<void> InitServer::makeMining(MakeMiningContext context)
{
    return m_connection->RunOnThread<Nothing>(context, DoNothing, [this, self = thisCap()](auto& call, const Nothing&) {
        call.getResults().setResult(kj::heap<MiningServer>(*m_connection));
    });
}

kj::Promise<void> InitServer::makeRpc(MakeRpcContext context)
{
    return m_connection->RunOnThread<Nothing>(context, DoNothing, [this, self = thisCap()](auto& call, const Nothing&) {
        call.getResults().setResult(kj::heap<RpcServer>(*m_connection));
    });
}

kj::Promise<void> InitServer::makeMiningOld2(MakeMiningOld2Context)
{
    ThrowError("this older version of makeMining is not supported");
}

kj::Promise<void> EchoServer::destroy(DestroyContext context)
{
    return m_connection->RunOnThread<Nothing>(
        context,
        [destroyed = m_destroyed](TipMonitor::Cancellation&) {
            if (destroyed->exchange(true)) throw std::runtime_error{"the object has been destroyed"};
            return Nothing{};
        },
        [](auto&, const Nothing&) {});
}

kj::Promise<void> EchoServer::echo(EchoContext context)
{
    return m_connection->RunOnThread<std::string>(
        context,
        [destroyed = m_destroyed, text = ToString(context.getParams().getEcho())](TipMonitor::Cancellation&) {
            if (*destroyed) throw std::runtime_error{"the object has been destroyed"};
            return text;
        },
        [](auto& call, const std::string& text) { call.getResults().setResult(AsText(text)); });
}

kj::Promise<void> RpcServer::executeRpc(ExecuteRpcContext context)
{
    const auto params{context.getParams()};
    // Every user has permission. The parameters are only read so that malformed ones are an error.
    params.getUri();
    params.getUser();
    if (params.getRequest().size() > MAX_REQUEST_SIZE) ThrowError("the request is too long");
    Node& node{m_connection->GetNode()};
    const BrokenJson broken{node.GetBugs().json_truncated ? BrokenJson::USED : BrokenJson::REFUSED};
    return m_connection->RunOnThread<std::string>(
        context,
        [&chain = node.GetChain(), broken, request = ToString(params.getRequest())](TipMonitor::Cancellation&) {
            return ExecuteJsonRpc(chain, request, broken);
        },
        [](auto& call, const std::string& reply) { call.getResults().setResult(AsText(reply)); });
}

} // namespace mpfuzz::model_node
