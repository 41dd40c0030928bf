// Rpc: JSON-RPC requests.
#pragma once

#include <targets/model_node/connection.h>

#include <kj/async.h>
#include <rpc.capnp.h>

namespace mpfuzz::model_node {

class RpcServer final : public messages::Rpc::Server
{
public:
    explicit RpcServer(Connection& connection) : m_connection{kj::addRef(connection)} {}

    kj::Promise<void> executeRpc(ExecuteRpcContext context) override;

private:
    kj::Own<Connection> m_connection;
};

} // namespace mpfuzz::model_node
