// Mining: the chain's tip, new templates, and blocks.
#pragma once

#include <targets/model_node/connection.h>
#include <targets/model_node/tip_monitor.h>

#include <kj/async.h>
#include <mining.capnp.h>

#include <memory>

namespace mpfuzz::model_node {

class MiningServer final : public messages::Mining::Server
{
public:
    explicit MiningServer(Connection& connection)
        : m_connection{kj::addRef(connection)}, m_interrupt{std::make_shared<TipMonitor::Interrupt>()}
    {
    }

    kj::Promise<void> isTestChain(IsTestChainContext context) override;
    kj::Promise<void> isInitialBlockDownload(IsInitialBlockDownloadContext context) override;
    kj::Promise<void> getTip(GetTipContext context) override;
    kj::Promise<void> waitTipChanged(WaitTipChangedContext context) override;
    kj::Promise<void> createNewBlock(CreateNewBlockContext context) override;
    kj::Promise<void> checkBlock(CheckBlockContext context) override;
    kj::Promise<void> interrupt(InterruptContext context) override;
    kj::Promise<void> submitBlock(SubmitBlockContext context) override;
    kj::Promise<void> getTransactionsByTxID(GetTransactionsByTxIDContext context) override;
    kj::Promise<void> getTransactionsByWitnessID(GetTransactionsByWitnessIDContext context) override;

private:
    kj::Own<Connection> m_connection;
    std::shared_ptr<TipMonitor::Interrupt> m_interrupt; // Shared with jobs.
};

} // namespace mpfuzz::model_node
