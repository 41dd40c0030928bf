#include <domains/bitcoin/postconditions.h>

#include <domains/bitcoin/answers.h>
#include <domains/bitcoin/parse.h>
#include <domains/bitcoin/serialize.h>

#include <mpfuzz/base/text.h>

#include <algorithm>
#include <bit>
#include <functional>
#include <numeric>
#include <string_view>

namespace mpfuzz::domains::bitcoin {

namespace {

using domain::Fault;
using MaybeFault = std::optional<Fault>;

//! Compares each answer of a method with each block that the same template returned.
//!
//! @param compare  Gets the answer and the block's bytes. The calls of its result are filled in.
MaybeFault WithBlock(const Run& run, std::string_view method,
                     const std::function<MaybeFault(const Answered&, std::string_view)>& compare)
{
    const auto blocks{AnswersOf(run, "BlockTemplate", "getBlock")};
    if (blocks.empty()) return std::nullopt;
    for (const Answered& answered : AnswersOf(run, "BlockTemplate", method)) {
        const program::CapabilityRef& target{answered.call.target};
        for (const Answered& block : blocks) {
            if (block.call.target != target || CallsAny(run, "submit", &target)) continue;
            auto fault{compare(answered, ResultBytes(run, block, {"result"}))};
            if (!fault) continue;
            fault->calls = {answered.step, block.step};
            return fault;
        }
    }
    return std::nullopt;
}

MaybeFault JudgeHeader(const Run& run)
{
    return WithBlock(run, "getBlockHeader", [&](const Answered& answered, std::string_view block) -> MaybeFault {
        if (block.substr(0, HEADER_BYTES) == ResultBytes(run, answered, {"result"})) return std::nullopt;
        return Fault{"its header is not the one that getBlockHeader gives", {}};
    });
}

//! Returns the root of a merkle tree, computed from its first leaf and the leaf's path.
std::string FollowPath(std::string hash, const std::vector<program::Value>& path)
{
    for (const program::Value& step : path) {
        const auto* sibling{step.As<program::Blob>()};
        hash = DoubleSha256(hash + (sibling ? sibling->bytes : ""));
    }
    return hash;
}

// Ignores the merkle root in the header: the miner sets it, not the template.
MaybeFault JudgeMerklePath(const Run& run)
{
    return WithBlock(run, "getCoinbaseMerklePath", [&](const Answered& answered, std::string_view bytes) -> MaybeFault {
        const auto block{ParseBlock(bytes)};
        if (!block || block->transactions.empty()) return std::nullopt;
        std::vector<std::string> txids;
        for (const Transaction& transaction : block->transactions) txids.push_back(Txid(transaction));
        const std::string root{FollowPath(txids[0], ResultList(run, answered, "result"))};
        const std::string expected{MerkleRoot(std::move(txids))};
        if (root == expected) return std::nullopt;
        return Fault{"it does not lead from the block's coinbase to the root of its transactions",
                     {},
                     "it leads to " + base::ToHex(root) + ", the root of the transactions is " + base::ToHex(expected)};
    });
}

//! The answer has one number for each transaction except the coinbase.
MaybeFault JudgeCount(const Run& run, std::string_view method)
{
    return WithBlock(run, method, [&](const Answered& answered, std::string_view bytes) -> MaybeFault {
        const auto block{ParseBlock(bytes)};
        const size_t count{ResultList(run, answered, "result").size()};
        if (!block || block->transactions.size() == count + 1) return std::nullopt;
        return Fault{"there is not one for each transaction but the coinbase",
                     {},
                     "the list has " + std::to_string(count) + ", the block has " +
                         std::to_string(block->transactions.size()) + " transactions"};
    });
}

MaybeFault JudgeReward(const Run& run)
{
    return WithBlock(run, "getCoinbaseTx", [&](const Answered& answered, std::string_view bytes) -> MaybeFault {
        const auto block{ParseBlock(bytes)};
        const auto* value{FindResult(run, answered, {"result", "blockRewardRemaining"})};
        const auto* reward_sat{value ? value->As<int64_t>() : nullptr};
        if (!block || block->transactions.empty() || !reward_sat) return std::nullopt;
        int64_t paid_sat{0};
        for (const TxOut& output : block->transactions[0].outputs) {
            // The sum of valid amounts cannot overflow, but a server may send invalid amounts.
            if (__builtin_add_overflow(paid_sat, output.value_sat, &paid_sat)) return std::nullopt;
        }
        if (paid_sat == *reward_sat) return std::nullopt;
        return Fault{"its reward is not what the block's coinbase pays",
                     {},
                     "its reward is " + std::to_string(*reward_sat) + ", the coinbase pays " +
                         std::to_string(paid_sat)};
    });
}

struct TipSeen {
    Answered answered;
    std::string_view hash; //!< 32 bytes
    int64_t height{0};
};

//! All tips in answers. Ignores answers without a tip.
std::vector<TipSeen> TipsSeen(const Run& run)
{
    std::vector<TipSeen> tips;
    for (const std::string_view method : {"getTip", "waitTipChanged"}) {
        for (const Answered& answered : AnswersOf(run, "Mining", method)) {
            const std::string_view hash{ResultBytes(run, answered, {"result", "hash"})};
            if (hash.size() != 32) continue;
            const program::Value* value{FindResult(run, answered, {"result", "height"})};
            const auto* height{value ? value->As<int64_t>() : nullptr};
            tips.push_back({answered, hash, height ? *height : 0});
        }
    }
    return tips;
}

// Bitcoin Core switches to another branch only if that branch has more work, and its clients see no state in between. A
// client can invalidate a block only by JSON-RPC (`invalidateblock`).
MaybeFault JudgeTips(const Run& run)
{
    if (CallsAny(run, "executeRpc")) return std::nullopt;
    const auto tips{TipsSeen(run)};
    for (const TipSeen& a : tips) {
        for (const TipSeen& b : tips) {
            const std::vector calls{a.answered.step, b.answered.step};
            if (a.hash == b.hash && a.height != b.height) return Fault{"one block has two heights", calls};
            if (a.answered.Precedes(b.answered) && b.height < a.height) return Fault{"the height went down", calls};
        }
    }
    return std::nullopt;
}

//! If the tip was the same before and after a template was made, the template must be built on it.
MaybeFault JudgeTemplates(const Run& run)
{
    if (CallsAny(run, "executeRpc")) return std::nullopt;
    const auto tips{TipsSeen(run)};
    for (const Answered& header : AnswersOf(run, "BlockTemplate", "getBlockHeader")) {
        const auto* made{std::get_if<program::Call>(&run.program.steps[header.call.target.step])};
        const trace::Outcome& outcome{run.trace.outcomes[header.call.target.step]};
        if (!made || run.schema.GetMethod(made->method).name != "createNewBlock") continue;
        if (outcome.status != trace::Status::ANSWERED) continue;
        const auto parsed{ParseHeader(ResultBytes(run, header, {"result"}))};
        if (!parsed) continue;
        const Answered creation{header.call.target.step, *made, outcome};
        for (const TipSeen& before : tips) {
            const bool stayed{before.answered.Precedes(creation) &&
                              std::ranges::any_of(tips, [&](const TipSeen& after) {
                                  return creation.Precedes(after.answered) && after.hash == before.hash;
                              })};
            if (!stayed || parsed->previous == before.hash) continue;
            return Fault{"the template is not built on the tip", {before.answered.step, creation.step, header.step}};
        }
    }
    return std::nullopt;
}

bool IsFalse(const program::Value* value)
{
    const auto* boolean{value ? value->As<bool>() : nullptr};
    return boolean && !*boolean;
}

//! True if the program asked for a template without transactions. Later templates of it have none either, so that the
//! fees do not change.
bool IsEmptyTemplate(const Run& run, const program::CapabilityRef& ref)
{
    const auto* made{std::get_if<program::Call>(&run.program.steps[ref.step])};
    return made && run.schema.GetMethod(made->method).name == "createNewBlock" &&
           IsFalse(FindArgument(run, *made, {"options", "useMempool"}));
}

//! True if a time limit is not set or not negative. False for NaN.
bool IsPlainTimeout(const program::Value* timeout)
{
    if (!timeout) return true;
    const auto* value{timeout->As<program::Float>()};
    return value && std::bit_cast<double>(value->bits) >= 0;
}

MaybeFault JudgeWaits(const Run& run)
{
    // An interrupt may arrive before the wait that it ends.
    if (CallsAny(run, "interrupt")) return std::nullopt;
    for (const Answered& answered : AnswersOf(run, "BlockTemplate", "waitNext")) {
        const program::Call& call{answered.call};
        const program::Value* threshold{FindArgument(run, call, {"options", "feeThreshold"})};
        const auto* threshold_sat{threshold ? threshold->As<int64_t>() : nullptr};
        if (!threshold_sat || *threshold_sat > 0 || !IsEmptyTemplate(run, call.target)) continue;
        if (!IsPlainTimeout(FindArgument(run, call, {"options", "timeout"}))) continue;
        if (FindResult(run, answered, {"result"})) continue;
        return Fault{"there is none although the fees need not rise", {call.target.step, answered.step}};
    }
    return std::nullopt;
}

// RPC_PARSE_ERROR in Bitcoin Core's src/rpc/protocol.h.
constexpr std::string_view PARSE_ERROR{"-32700"};

//! True if the text begins with a JSON object and ends before the object is closed. It may contain other errors too.
bool IsCutShort(std::string_view json)
{
    const size_t begin{json.find_first_not_of(" \t\r\n")};
    if (begin == std::string_view::npos || json[begin] != '{') return false;
    size_t open{0};
    bool in_string{false};
    for (size_t i{begin}; i < json.size(); ++i) {
        const char c{json[i]};
        if (in_string) {
            if (c == '\\') ++i;
            in_string = c != '"' || i >= json.size();
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            ++open;
        } else if ((c == '}' || c == ']') && --open == 0) {
            return false; // text after the object is a different error
        }
    }
    return true;
}

MaybeFault JudgeRequests(const Run& run)
{
    for (const Answered& answered : AnswersOf(run, "Rpc", "executeRpc")) {
        const program::Value* request{FindArgument(run, answered.call, {"request"})};
        const auto* text{request ? request->As<program::Blob>() : nullptr};
        if (!text || !IsCutShort(text->bytes)) continue;
        if (ResultBytes(run, answered, {"result"}).find(PARSE_ERROR) != std::string_view::npos) continue;
        return Fault{"a request that is cut short is answered as if it were whole", {answered.step}};
    }
    return std::nullopt;
}

} // namespace

std::vector<domain::Postcondition> TemplatePostconditions()
{
    return {
        MakePostcondition("BlockTemplate.getBlock", JudgeHeader),
        MakePostcondition("BlockTemplate.getCoinbaseMerklePath", JudgeMerklePath),
        MakePostcondition("BlockTemplate.getTxFees", [](const Run& run) { return JudgeCount(run, "getTxFees"); }),
        MakePostcondition("BlockTemplate.getTxSigops", [](const Run& run) { return JudgeCount(run, "getTxSigops"); }),
        MakePostcondition("BlockTemplate.getCoinbaseTx", JudgeReward)};
}

std::vector<domain::Postcondition> TipPostconditions()
{
    return {MakePostcondition("Mining.getTip", JudgeTips), MakePostcondition("Mining.createNewBlock", JudgeTemplates)};
}

std::vector<domain::Postcondition> WaitPostconditions()
{
    return {MakePostcondition("BlockTemplate.waitNext", JudgeWaits)};
}

std::vector<domain::Postcondition> RpcPostconditions() { return {MakePostcondition("Rpc.executeRpc", JudgeRequests)}; }

} // namespace mpfuzz::domains::bitcoin
