#include <targets/model_node/mining_server.h>

#include <targets/model_node/encode.h>
#include <targets/model_node/planted.h>
#include <targets/model_node/template_server.h>

#include <capnp/list.h>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

namespace mpfuzz::model_node {
namespace {

// Limits of this server; Bitcoin Core has none here. No valid block is above the first. The second is a guess.
constexpr size_t MAX_BLOCK_SIZE{4'000'000};
constexpr unsigned MAX_IDS{100'000};

// For the planted bug loop-blocking: long enough to delay other clients, but too short to be taken for a hang.
constexpr std::chrono::seconds SLOW_WORK{1};

// Returns the bytes of a block. If the field is not set, returns those of an empty block.
Bytes BlockBytes(bool present, capnp::Data::Reader data, const Bugs& bugs)
{
    if (!present) return Serialize(Block{}, /*with_witness=*/true);
    if (data.size() > MAX_BLOCK_SIZE) ThrowError("the block is larger than a block can be");
    if (bugs.empty_vector) return planted::CopyBytes(data);
    return ToBytes(data);
}

std::vector<Hash256> ToHashes(capnp::List<capnp::Data>::Reader list)
{
    if (list.size() > MAX_IDS) ThrowError("the list of ids is too long");
    std::vector<Hash256> hashes;
    hashes.reserve(list.size());
    for (const auto data : list) hashes.push_back(ToHash(data));
    return hashes;
}

void EncodeTip(messages::BlockRef::Builder result, const Tip& tip)
{
    result.setHash(AsData(tip.hash));
    result.setHeight(tip.height);
}

const auto ENCODE_VERDICT{[](auto& call, const Verdict& verdict) {
    auto results{call.getResults()};
    results.setReason(AsText(verdict.reason));
    results.setDebug(AsText(verdict.debug));
    results.setResult(verdict.IsValid());
}};

// A transaction that was not found is empty Data.
const auto ENCODE_TRANSACTIONS{[](auto& call, const std::vector<Bytes>& transactions) {
    FillDataList([&](unsigned size) { return call.getResults().initResult(size); }, transactions, AsData);
}};

std::shared_ptr<TemplateState> CreateTemplateState(Node& node, const TemplateOptions& options)
{
    auto state{std::make_shared<TemplateState>(options, node.GetChain().CreateTemplate(options))};
    if (!node.GetBugs().pipelined_stale) return state;
    // PLANTED BUG pipelined-stale: starts with a template without transactions; TemplateServer replaces it later.
    TemplateOptions bare{options};
    bare.use_mempool = false;
    state->unfilled = std::make_shared<TemplateState>(options, node.GetChain().CreateTemplate(bare));
    return state;
}

using Find = std::optional<Transaction> (Chain::*)(const Hash256&) const;

std::vector<Bytes> FindAll(const Chain& chain, Find find, const std::vector<Hash256>& ids)
{
    std::vector<Bytes> found;
    found.reserve(ids.size());
    for (const Hash256& id : ids) {
        const auto tx{(chain.*find)(id)};
        found.push_back(tx ? Serialize(*tx, /*with_witness=*/true) : Bytes{});
    }
    return found;
}

} // namespace

kj::Promise<void> MiningServer::isTestChain(IsTestChainContext context)
{
    return m_connection->RunOnThread<bool>(
        context, [](TipMonitor::Cancellation&) { return true; },
        [](auto& call, bool result) { call.getResults().setResult(result); });
}

kj::Promise<void> MiningServer::isInitialBlockDownload(IsInitialBlockDownloadContext context)
{
    return m_connection->RunOnThread<bool>(
        context, [](TipMonitor::Cancellation&) { return false; },
        [](auto& call, bool result) { call.getResults().setResult(result); });
}

kj::Promise<void> MiningServer::getTip(GetTipContext context)
{
    return m_connection->RunOnThread<Tip>(
        context, [&chain = m_connection->GetNode().GetChain()](TipMonitor::Cancellation&) { return chain.GetTip(); },
        [](auto& call, const Tip& tip) {
            EncodeTip(call.getResults().initResult(), tip);
            call.getResults().setHasResult(true);
        });
}

kj::Promise<void> MiningServer::waitTipChanged(WaitTipChangedContext context)
{
    const auto params{context.getParams()};
    const Hash256 current{params.hasCurrentTip() ? ToHash(params.getCurrentTip()) : Hash256(32, '\0')};
    auto job{std::make_shared<TypedJob<std::optional<Tip>>>(
        [&monitor = m_connection->GetNode().Monitor(), interrupt = m_interrupt, current,
         timeout_ms = params.getTimeout()](TipMonitor::Cancellation& cancellation) -> std::optional<Tip> {
            const WaitResult result{monitor.Wait(current, DeadlineIn(timeout_ms), *interrupt, cancellation)};
            if (result == WaitResult::Interrupted || result == WaitResult::Cancelled) return std::nullopt;
            return monitor.Current();
        })};
    job->SetMayWait();
    return m_connection->RunJob(context, std::move(job), [](auto& call, const std::optional<Tip>& tip) {
        if (tip) EncodeTip(call.getResults().initResult(), *tip);
    });
}

kj::Promise<void> MiningServer::createNewBlock(CreateNewBlockContext context)
{
    const auto params{context.getParams().getOptions()};
    const TemplateOptions options{.use_mempool = params.getUseMempool(),
                                  .reserved_weight = params.getBlockReservedWeight(),
                                  .max_additional_sigops = params.getCoinbaseOutputMaxAdditionalSigops()};
    Node& node{m_connection->GetNode()};
    return m_connection->RunOnThread<std::shared_ptr<TemplateState>>(
        context,
        [&node, options, interrupt = m_interrupt, trusting = node.GetBugs().option_range](TipMonitor::Cancellation&) {
            // As in Bitcoin Core, an interrupt that ended no wait stops the next call that could wait.
            if (node.Monitor().Consume(*interrupt)) return std::shared_ptr<TemplateState>{};
            // PLANTED BUG option-range: assumes that clients send options in range.
            if (trusting) MODEL_NODE_ASSERT(ExplainBadOptions(options).empty());
            return CreateTemplateState(node, options);
        },
        [this, self = thisCap()](auto& call, const std::shared_ptr<TemplateState>& state) {
            if (state) call.getResults().setResult(MakeTemplateServer(*m_connection, state));
        });
}

kj::Promise<void> MiningServer::checkBlock(CheckBlockContext context)
{
    const auto params{context.getParams()};
    const CheckOptions options{.pow = params.getOptions().getCheckPow(),
                               .merkle_root = params.getOptions().getCheckMerkleRoot()};
    return m_connection->RunOnThread<Verdict>(
        context,
        [&chain = m_connection->GetNode().GetChain(), options,
         block = BlockBytes(params.hasBlock(), params.getBlock(), m_connection->GetNode().GetBugs())](
            TipMonitor::Cancellation&) { return chain.Check(DecodeBlock(block), options); },
        ENCODE_VERDICT);
}

kj::Promise<void> MiningServer::interrupt(InterruptContext)
{
    m_connection->GetNode().Monitor().Raise(*m_interrupt);
    // PLANTED BUG loop-blocking: a sleep in place of slow work on the loop.
    if (m_connection->GetNode().GetBugs().loop_blocking) std::this_thread::sleep_for(SLOW_WORK);
    return kj::READY_NOW;
}

kj::Promise<void> MiningServer::submitBlock(SubmitBlockContext context)
{
    const auto params{context.getParams()};
    return m_connection->RunOnThread<Verdict>(
        context,
        [&chain = m_connection->GetNode().GetChain(),
         block = BlockBytes(params.hasBlock(), params.getBlock(), m_connection->GetNode().GetBugs())](
            TipMonitor::Cancellation&) { return chain.Submit(DecodeBlock(block)); },
        ENCODE_VERDICT);
}

kj::Promise<void> MiningServer::getTransactionsByTxID(GetTransactionsByTxIDContext context)
{
    return m_connection->RunOnThread<std::vector<Bytes>>(
        context,
        [&chain = m_connection->GetNode().GetChain(), ids = ToHashes(context.getParams().getTxids())](
            TipMonitor::Cancellation&) { return FindAll(chain, &Chain::FindByTxId, ids); },
        ENCODE_TRANSACTIONS);
}

kj::Promise<void> MiningServer::getTransactionsByWitnessID(GetTransactionsByWitnessIDContext context)
{
    return m_connection->RunOnThread<std::vector<Bytes>>(
        context,
        [&chain = m_connection->GetNode().GetChain(), ids = ToHashes(context.getParams().getWtxids())](
            TipMonitor::Cancellation&) { return FindAll(chain, &Chain::FindByWitnessTxId, ids); },
        ENCODE_TRANSACTIONS);
}

} // namespace mpfuzz::model_node
