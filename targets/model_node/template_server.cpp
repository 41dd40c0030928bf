#include <targets/model_node/template_server.h>

#include <targets/model_node/chain/params.h>
#include <targets/model_node/encode.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace mpfuzz::model_node {
namespace {

// Guess: far more than a miner needs. Limits the memory that a client can take.
constexpr size_t MAX_TEMPLATES{10'000};

// After this time, a wait with a fee threshold checks the fees. Bitcoin Core checks every second. One earlier check is
// enough here, because our mempool changes only with the tip.
constexpr std::chrono::milliseconds FEE_TICK{50};

struct Nothing {
};

void CheckAlive(const TemplateState& state)
{
    if (state.destroyed) throw std::runtime_error{"the object has been destroyed"};
}

// A job's body that reads the content of a template.
template<typename Read>
auto ReadContent(const std::shared_ptr<TemplateState>& state, Read read)
{
    return [state, read = std::move(read)](TipMonitor::Cancellation&) {
        CheckAlive(*state);
        const std::lock_guard lock{state->mutex};
        return read(state->content);
    };
}

const auto ENCODE_BYTES{[](auto& call, const Bytes& bytes) { call.getResults().setResult(AsData(bytes)); }};

const auto ENCODE_NUMBERS{[](auto& call, const std::vector<int64_t>& numbers) {
    auto list{call.getResults().initResult(static_cast<unsigned>(numbers.size()))};
    for (unsigned i{0}; i < numbers.size(); ++i) list.set(i, numbers[i]);
}};

void EncodeCoinbase(messages::CoinbaseTx::Builder result, const CoinbaseFields& fields)
{
    result.setVersion(fields.version);
    result.setSequence(fields.sequence);
    result.setScriptSigPrefix(AsData(fields.script_sig_prefix));
    result.setWitness(AsData(fields.witness));
    result.setBlockRewardRemaining(fields.reward_sat);
    result.setLockTime(fields.lock_time);
    std::vector<Bytes> outputs;
    for (const TxOut& output : fields.required_outputs) outputs.push_back(Serialize(output));
    FillDataList([&](unsigned size) { return result.initRequiredOutputs(size); }, outputs, AsData);
}

// Puts a solution into the template, so that later calls see it, and submits the block.
Verdict Submit(TemplateState& state, Chain& chain, const BlockHeader& solution, const Bytes& coinbase)
{
    Transaction tx{DecodeTransaction(coinbase)};
    Block block;
    {
        const std::lock_guard lock{state.mutex};
        BlockHeader& header{state.content.block.header};
        state.content.block.transactions[0] = std::move(tx);
        header.version = solution.version;
        header.time_s = solution.time_s;
        header.nonce = solution.nonce;
        header.merkle_root = BlockMerkleRoot(state.content.block);
        block = state.content.block;
    }
    return chain.Submit(block);
}

// The answer of submitSolution; nullopt if there was no coinbase.
using SubmitResult = std::optional<Verdict>;

bool ReachesFees(const BlockTemplate& content, int64_t wanted_sat, const Bugs& bugs)
{
    if (!bugs.wrong_template) return content.TotalFees() >= wanted_sat;
    // PLANTED BUG wrong-template: checks the sum only after each transaction, so not if there are no transactions.
    int64_t sum_sat{0};
    return std::ranges::any_of(content.fees_sat, [&](int64_t fee_sat) { return (sum_sat += fee_sat) >= wanted_sat; });
}

// Waits for a better template. Returns null if there is none in time, or the wait is interrupted.
std::shared_ptr<TemplateState> WaitNext(TemplateState& state, Node& node, double timeout_ms, int64_t threshold_sat,
                                        TipMonitor::Cancellation& cancellation)
{
    Chain& chain{node.GetChain()};
    Hash256 previous;
    int64_t fees_sat;
    {
        const std::lock_guard lock{state.mutex};
        previous = state.content.block.header.previous;
        fees_sat = state.content.TotalFees();
    }
    const auto make{
        [&] { return std::make_shared<TemplateState>(state.options, chain.CreateTemplate(state.options)); }};
    const Deadline deadline{DeadlineIn(timeout_ms)};
    const bool watch_fees{threshold_sat < MAX_MONEY_SAT};
    if (watch_fees) {
        const auto tick{std::chrono::steady_clock::now() + FEE_TICK};
        const Deadline first{std::min(deadline.value_or(tick), tick)};
        const WaitResult result{chain.Monitor().Wait(previous, first, state.interrupt, cancellation)};
        if (result == WaitResult::TipChanged) return make();
        if (result != WaitResult::TimedOut) return nullptr;
        auto next{make()};
        if (ReachesFees(next->content, fees_sat + threshold_sat, node.GetBugs())) return next;
    }
    const WaitResult result{chain.Monitor().Wait(previous, deadline, state.interrupt, cancellation)};
    return result == WaitResult::TipChanged ? make() : nullptr;
}

} // namespace

messages::BlockTemplate::Client MakeTemplateServer(Connection& connection, std::shared_ptr<TemplateState> state)
{
    if (connection.templates >= MAX_TEMPLATES) ThrowError("this client holds too many templates");
    return kj::heap<TemplateServer>(connection, std::move(state));
}

TemplateServer::TemplateServer(Connection& connection, std::shared_ptr<TemplateState> state)
    : m_connection{kj::addRef(connection)}, m_state{std::move(state)}
{
    ++m_connection->templates;
    if (!m_state->unfilled) return;
    // PLANTED BUG pipelined-stale: uses a template without transactions until the loop has nothing else to do.
    m_filling = kj::evalLast([this, filled = m_state] { m_state = filled; }).eagerlyEvaluate(nullptr);
    m_state = m_state->unfilled;
}

TemplateServer::~TemplateServer() noexcept(false) { --m_connection->templates; }

kj::Promise<void> TemplateServer::destroy(DestroyContext context)
{
    return m_connection->RunOnThread<Nothing>(
        context,
        [state = m_state](TipMonitor::Cancellation&) {
            if (state->destroyed.exchange(true)) throw std::runtime_error{"the object has been destroyed"};
            return Nothing{};
        },
        [](auto&, const Nothing&) {});
}

kj::Promise<void> TemplateServer::getBlockHeader(GetBlockHeaderContext context)
{
    return m_connection->RunOnThread<Bytes>(
        context, ReadContent(m_state, [](const BlockTemplate& content) { return Serialize(content.block.header); }),
        ENCODE_BYTES);
}

kj::Promise<void> TemplateServer::getBlock(GetBlockContext context)
{
    return m_connection->RunOnThread<Bytes>(
        context, ReadContent(m_state, [](const BlockTemplate& content) { return Serialize(content.block); }),
        ENCODE_BYTES);
}

kj::Promise<void> TemplateServer::getTxFees(GetTxFeesContext context)
{
    return m_connection->RunOnThread<std::vector<int64_t>>(
        context, ReadContent(m_state, [](const BlockTemplate& content) { return content.fees_sat; }), ENCODE_NUMBERS);
}

kj::Promise<void> TemplateServer::getTxSigops(GetTxSigopsContext context)
{
    return m_connection->RunOnThread<std::vector<int64_t>>(
        context, ReadContent(m_state, [](const BlockTemplate& content) { return content.sigops_cost; }),
        ENCODE_NUMBERS);
}

kj::Promise<void> TemplateServer::getCoinbaseTx(GetCoinbaseTxContext context)
{
    return m_connection->RunOnThread<CoinbaseFields>(
        context, ReadContent(m_state, [](const BlockTemplate& content) { return content.coinbase; }),
        [](auto& call, const CoinbaseFields& fields) { EncodeCoinbase(call.getResults().initResult(), fields); });
}

kj::Promise<void> TemplateServer::getCoinbaseMerklePath(GetCoinbaseMerklePathContext context)
{
    return m_connection->RunOnThread<std::vector<Hash256>>(
        context, ReadContent(m_state, [](const BlockTemplate& content) { return CoinbaseMerklePath(content.block); }),
        [](auto& call, const std::vector<Hash256>& path) {
            FillDataList([&](unsigned size) { return call.getResults().initResult(size); }, path, AsData);
        });
}

kj::Promise<void> TemplateServer::submitSolution(SubmitSolutionContext context)
{
    const auto params{context.getParams()};
    BlockHeader solution;
    solution.version = params.getVersion();
    solution.time_s = params.getTimestamp();
    solution.nonce = params.getNonce();
    Node& node{m_connection->GetNode()};
    const bool is_empty{params.getCoinbase().size() == 0};
    const bool uncaught{node.GetBugs().worker_exception && is_empty};
    auto job{std::make_shared<TypedJob<SubmitResult>>(
        [state = m_state, &chain = node.GetChain(), solution, coinbase = ToBytes(params.getCoinbase()), is_empty,
         skip = is_empty && !uncaught](TipMonitor::Cancellation&) -> SubmitResult {
            if (is_empty && !skip) DecodeTransaction(coinbase); // PLANTED BUG worker-exception: see below.
            CheckAlive(*state);
            // Bitcoin Core reads no bytes as "no transaction", and answers false without a reason.
            if (skip) return std::nullopt;
            return Submit(*state, chain, solution, coinbase);
        })};
    // PLANTED BUG worker-exception: decodes the empty coinbase first, and nothing catches the exception.
    if (uncaught) job->DoNotCatch();
    return m_connection->RunJob<SubmitResult>(context, std::move(job), [](auto& call, const SubmitResult& verdict) {
        auto results{call.getResults()};
        results.setReason(AsText(verdict ? verdict->reason : ""));
        results.setDebug(AsText(verdict ? verdict->debug : ""));
        results.setResult(verdict && verdict->IsValid());
    });
}

kj::Promise<void> TemplateServer::waitNext(WaitNextContext context)
{
    const auto options{context.getParams().getOptions()};
    auto job{std::make_shared<TypedJob<std::shared_ptr<TemplateState>>>(
        [state = m_state, &node = m_connection->GetNode(), timeout_ms = options.getTimeout(),
         threshold_sat = options.getFeeThreshold()](TipMonitor::Cancellation& cancellation) {
            CheckAlive(*state);
            return WaitNext(*state, node, timeout_ms, threshold_sat, cancellation);
        })};
    job->SetMayWait();
    return m_connection->RunJob(context, std::move(job),
                                [this, self = thisCap()](auto& call, const std::shared_ptr<TemplateState>& next) {
                                    if (next) call.getResults().setResult(MakeTemplateServer(*m_connection, next));
                                });
}

kj::Promise<void> TemplateServer::interruptWait(InterruptWaitContext)
{
    if (m_state->destroyed) ThrowError("the object has been destroyed");
    m_connection->GetNode().Monitor().Raise(m_state->interrupt);
    return kj::READY_NOW;
}

kj::Promise<void> TemplateServer::submitSolutionOld7(SubmitSolutionOld7Context context)
{
    return m_connection->RunOnThread<Nothing>(
        context,
        [](TipMonitor::Cancellation&) -> Nothing {
            throw std::runtime_error{"this older version of submitSolution is not supported"};
        },
        [](auto&, const Nothing&) {});
}

} // namespace mpfuzz::model_node
