#include <domains/bitcoin/answers.h>
#include <domains/bitcoin/parse.h>
#include <domains/bitcoin/postconditions.h>
#include <domains/bitcoin/serialize.h>

#include <functional>
#include <numeric>

namespace mpfuzz::domains::bitcoin {

namespace {

//! Judge each answer of a method together with each block that the same template gave.
//!
//! @param compare  Gets the block's bytes.
Complaint WithBlock(const Run& run, std::string_view method,
                    const std::function<Complaint(const Answered&, std::string_view)>& compare)
{
    const auto blocks{AnswersOf(run, "BlockTemplate", "getBlock")};
    if (blocks.empty()) return std::nullopt;
    for (const Answered& answered : AnswersOf(run, "BlockTemplate", method)) {
        const program::CapabilityRef& target{answered.call.target};
        for (const Answered& block : blocks) {
            if (block.call.target != target || CallsAny(run, "submit", &target)) continue;
            if (auto complaint{compare(answered, ResultBytes(run, block, {"result"}))}) return complaint;
        }
    }
    return std::nullopt;
}

Complaint JudgeHeader(const Run& run)
{
    return WithBlock(run, "getBlockHeader", [&](const Answered& answered, std::string_view block) -> Complaint {
        if (block.substr(0, HEADER_BYTES) == ResultBytes(run, answered, {"result"})) return std::nullopt;
        return "its header is not the one that getBlockHeader gives";
    });
}

//! The root that a path leads to from the first of its tree's leaves.
std::string FollowPath(std::string hash, const std::vector<program::Value>& path)
{
    for (const program::Value& step : path) {
        const auto* sibling{step.As<program::Blob>()};
        hash = DoubleSha256(hash + (sibling ? sibling->bytes : ""));
    }
    return hash;
}

// The header's own root is not compared: a template leaves it to whoever completes the block.
Complaint JudgeMerklePath(const Run& run)
{
    return WithBlock(run, "getCoinbaseMerklePath", [&](const Answered& answered, std::string_view bytes) -> Complaint {
        const auto block{ParseBlock(bytes)};
        if (!block || block->transactions.empty()) return std::nullopt;
        std::vector<std::string> txids;
        for (const Transaction& transaction : block->transactions) txids.push_back(Txid(transaction));
        const std::string root{FollowPath(txids[0], ResultList(run, answered, "result"))};
        if (root == MerkleRoot(std::move(txids))) return std::nullopt;
        return "it does not lead from the block's coinbase to the root of its transactions";
    });
}

//! One number for each transaction but the coinbase.
Complaint JudgeCount(const Run& run, std::string_view method)
{
    return WithBlock(run, method, [&](const Answered& answered, std::string_view bytes) -> Complaint {
        const auto block{ParseBlock(bytes)};
        if (!block || block->transactions.size() == ResultList(run, answered, "result").size() + 1) return std::nullopt;
        return "there is not one for each transaction but the coinbase";
    });
}

Complaint JudgeReward(const Run& run)
{
    return WithBlock(run, "getCoinbaseTx", [&](const Answered& answered, std::string_view bytes) -> Complaint {
        const auto block{ParseBlock(bytes)};
        const auto* value{FindResult(run, answered, {"result", "blockRewardRemaining"})};
        const auto* reward_sat{value ? value->As<int64_t>() : nullptr};
        if (!block || block->transactions.empty() || !reward_sat) return std::nullopt;
        int64_t paid_sat{0};
        for (const TxOut& output : block->transactions[0].outputs) {
            // No sum of real amounts comes near a limit; a hostile server's may.
            if (__builtin_add_overflow(paid_sat, output.value_sat, &paid_sat)) return std::nullopt;
        }
        if (paid_sat == *reward_sat) return std::nullopt;
        return "its reward is not what the block's coinbase pays";
    });
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

} // namespace mpfuzz::domains::bitcoin
