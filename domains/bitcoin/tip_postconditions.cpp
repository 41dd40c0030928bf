#include <domains/bitcoin/answers.h>
#include <domains/bitcoin/parse.h>
#include <domains/bitcoin/postconditions.h>

#include <algorithm>

namespace mpfuzz::domains::bitcoin {

namespace {

struct TipSeen {
    Answered answered;
    std::string_view hash; //!< 32 bytes
    int64_t height{0};
};

//! All tips that answers told; those that told of none are left out.
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

// Core switches to a branch only where it has more work, and shows nothing in between; other than by JSON-RPC
// (`invalidateblock`) no client can take a block back.
Complaint JudgeTips(const Run& run)
{
    if (CallsAny(run, "executeRpc")) return std::nullopt;
    const auto tips{TipsSeen(run)};
    for (const TipSeen& a : tips) {
        for (const TipSeen& b : tips) {
            if (a.hash == b.hash && a.height != b.height) return "one block has two heights";
            if (a.answered.Precedes(b.answered) && b.height < a.height) return "the height went down";
        }
    }
    return std::nullopt;
}

//! A template that was asked for between two looks at the same tip is built on that.
Complaint JudgeTemplates(const Run& run)
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
        const Answered creation{*made, outcome};
        for (const TipSeen& before : tips) {
            const bool stayed{before.answered.Precedes(creation) &&
                              std::ranges::any_of(tips, [&](const TipSeen& after) {
                                  return creation.Precedes(after.answered) && after.hash == before.hash;
                              })};
            if (stayed && parsed->previous != before.hash) return "the template is not built on the tip";
        }
    }
    return std::nullopt;
}

} // namespace

std::vector<domain::Postcondition> TipPostconditions()
{
    return {MakePostcondition("Mining.getTip", JudgeTips), MakePostcondition("Mining.createNewBlock", JudgeTemplates)};
}

} // namespace mpfuzz::domains::bitcoin
