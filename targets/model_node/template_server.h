// BlockTemplate: a block for the client to mine.
#pragma once

#include <targets/model_node/chain/template.h>
#include <targets/model_node/connection.h>
#include <targets/model_node/tip_monitor.h>

#include <kj/async.h>
#include <mining.capnp.h>

#include <atomic>
#include <memory>
#include <mutex>

namespace mpfuzz::model_node {

//! State that a template's server shares with its jobs. The jobs may run on several threads at once.
struct TemplateState {
    TemplateState(const TemplateOptions& create_options, BlockTemplate made)
        : options{create_options}, content{std::move(made)}
    {
    }

    const TemplateOptions options;
    std::mutex mutex;
    BlockTemplate content; // Guarded by mutex.
    std::atomic<bool> destroyed{false};
    TipMonitor::Interrupt interrupt;
    std::shared_ptr<TemplateState> unfilled; // For the planted bug pipelined-stale.
};

//! Returns a capability for `state`. Throws a kj::Exception if the client holds too many templates.
messages::BlockTemplate::Client MakeTemplateServer(Connection& connection, std::shared_ptr<TemplateState> state);

class TemplateServer final : public messages::BlockTemplate::Server
{
public:
    TemplateServer(Connection& connection, std::shared_ptr<TemplateState> state);
    ~TemplateServer() noexcept(false);

    kj::Promise<void> destroy(DestroyContext context) override;
    kj::Promise<void> getBlockHeader(GetBlockHeaderContext context) override;
    kj::Promise<void> getBlock(GetBlockContext context) override;
    kj::Promise<void> getTxFees(GetTxFeesContext context) override;
    kj::Promise<void> getTxSigops(GetTxSigopsContext context) override;
    kj::Promise<void> getCoinbaseTx(GetCoinbaseTxContext context) override;
    kj::Promise<void> getCoinbaseMerklePath(GetCoinbaseMerklePathContext context) override;
    kj::Promise<void> submitSolution(SubmitSolutionContext context) override;
    kj::Promise<void> waitNext(WaitNextContext context) override;
    kj::Promise<void> interruptWait(InterruptWaitContext context) override;
    kj::Promise<void> submitSolutionOld7(SubmitSolutionOld7Context context) override;

private:
    kj::Own<Connection> m_connection;
    std::shared_ptr<TemplateState> m_state;
    kj::Promise<void> m_filling{nullptr}; // For the planted bug pipelined-stale.
};

} // namespace mpfuzz::model_node
