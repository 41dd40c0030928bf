#include <targets/model_node/rpc_server.h>

#include <targets/model_node/encode.h>
#include <targets/model_node/json_rpc.h>

#include <string>

namespace mpfuzz::model_node {
namespace {

// Guess: bounds the time that one request can take to parse. Bitcoin Core has a limit for HTTP only.
constexpr size_t MAX_REQUEST_SIZE{4'000'000};

} // namespace

kj::Promise<void> RpcServer::executeRpc(ExecuteRpcContext context)
{
    const auto params{context.getParams()};
    // Nobody needs permission here; read the rest of the parameters all the same, to refuse what is malformed.
    params.getUri();
    params.getUser();
    if (params.getRequest().size() > MAX_REQUEST_SIZE) ThrowError("the request is too long");
    Node& node{m_connection->GetNode()};
    const BrokenJson broken{node.GetBugs().json_truncated ? BrokenJson::USED : BrokenJson::REFUSED};
    return m_connection->Run<std::string>(
        context,
        [&chain = node.GetChain(), broken, request = ToString(params.getRequest())](TipMonitor::Cancellation&) {
            return ExecuteJsonRpc(chain, request, broken);
        },
        [](auto& call, const std::string& reply) { call.getResults().setResult(AsText(reply)); });
}

} // namespace mpfuzz::model_node
