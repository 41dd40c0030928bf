#include <targets/model_node/init_server.h>

#include <targets/model_node/encode.h>
#include <targets/model_node/mining_server.h>
#include <targets/model_node/rpc_server.h>
#include <targets/model_node/thread_server.h>

#include <stdexcept>
#include <string>

namespace mpfuzz::model_node {
namespace {

// The result of a job that has none: such calls go to their thread only to keep their place among others.
struct Nothing {
};

Nothing DoNothing(TipMonitor::Cancellation&) { return {}; }

} // namespace

kj::Promise<void> InitServer::construct(ConstructContext context)
{
    // The client's own threads would be for calls back to it, and this server makes none.
    context.getResults().setThreadMap(kj::heap<ThreadMapServer>(*m_connection));
    return kj::READY_NOW;
}

kj::Promise<void> InitServer::makeEcho(MakeEchoContext context)
{
    return m_connection->Run<Nothing>(context, DoNothing, [this, self = thisCap()](auto& call, const Nothing&) {
        call.getResults().setResult(kj::heap<EchoServer>(*m_connection));
    });
}

kj::Promise<void> InitServer::makeMining(MakeMiningContext context)
{
    return m_connection->Run<Nothing>(context, DoNothing, [this, self = thisCap()](auto& call, const Nothing&) {
        call.getResults().setResult(kj::heap<MiningServer>(*m_connection));
    });
}

kj::Promise<void> InitServer::makeRpc(MakeRpcContext context)
{
    return m_connection->Run<Nothing>(context, DoNothing, [this, self = thisCap()](auto& call, const Nothing&) {
        call.getResults().setResult(kj::heap<RpcServer>(*m_connection));
    });
}

kj::Promise<void> InitServer::makeMiningOld2(MakeMiningOld2Context)
{
    ThrowError("this older version of makeMining is not supported");
}

kj::Promise<void> EchoServer::destroy(DestroyContext context)
{
    return m_connection->Run<Nothing>(
        context,
        [destroyed = m_destroyed](TipMonitor::Cancellation&) {
            if (destroyed->exchange(true)) throw std::runtime_error{"the object has been destroyed"};
            return Nothing{};
        },
        [](auto&, const Nothing&) {});
}

kj::Promise<void> EchoServer::echo(EchoContext context)
{
    return m_connection->Run<std::string>(
        context,
        [destroyed = m_destroyed, text = ToString(context.getParams().getEcho())](TipMonitor::Cancellation&) {
            if (*destroyed) throw std::runtime_error{"the object has been destroyed"};
            return text;
        },
        [](auto& call, const std::string& text) { call.getResults().setResult(AsText(text)); });
}

} // namespace mpfuzz::model_node
