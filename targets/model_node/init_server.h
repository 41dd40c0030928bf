// Init, Echo and Rpc.
#pragma once

#include <targets/model_node/connection.h>

#include <echo.capnp.h>
#include <init.capnp.h>
#include <kj/async.h>
#include <rpc.capnp.h>

#include <atomic>
#include <memory>

namespace mpfuzz::model_node {

//! The bootstrap interface of one connection.
class InitServer final : public messages::Init::Server
{
public:
    explicit InitServer(Connection& connection) : m_connection{kj::addRef(connection)} {}

    kj::Promise<void> construct(ConstructContext context) override;
    kj::Promise<void> makeEcho(MakeEchoContext context) override;
    kj::Promise<void> makeMining(MakeMiningContext context) override;
    kj::Promise<void> makeRpc(MakeRpcContext context) override;
    kj::Promise<void> makeMiningOld2(MakeMiningOld2Context context) override;

private:
    kj::Own<Connection> m_connection;
};

//! Answers with the text that it gets.
class EchoServer final : public messages::Echo::Server
{
public:
    explicit EchoServer(Connection& connection)
        : m_connection{kj::addRef(connection)}, m_destroyed{std::make_shared<std::atomic<bool>>(false)}
    {
    }

    kj::Promise<void> destroy(DestroyContext context) override;
    kj::Promise<void> echo(EchoContext context) override;

private:
    kj::Own<Connection> m_connection;
    std::shared_ptr<std::atomic<bool>> m_destroyed; // Shared with jobs.
};

class RpcServer final : public messages::Rpc::Server
{
public:
    explicit RpcServer(Connection& connection) : m_connection{kj::addRef(connection)} {}

    kj::Promise<void> executeRpc(ExecuteRpcContext context) override;

private:
    kj::Own<Connection> m_connection;
};

} // namespace mpfuzz::model_node
