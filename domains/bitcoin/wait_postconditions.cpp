#include <domains/bitcoin/answers.h>
#include <domains/bitcoin/postconditions.h>

#include <bit>

namespace mpfuzz::domains::bitcoin {

namespace {

bool IsFalse(const program::Value* value)
{
    const auto* boolean{value ? value->As<bool>() : nullptr};
    return boolean && !*boolean;
}

//! A template that the program asked to be without transactions: those that follow it are so too, and no fees rise or
//! fall.
bool IsEmptyTemplate(const Run& run, const program::CapabilityRef& ref)
{
    const auto* made{std::get_if<program::Call>(&run.program.steps[ref.step])};
    return made && run.schema.GetMethod(made->method).name == "createNewBlock" &&
           IsFalse(FindArgument(run, *made, {"options", "useMempool"}));
}

//! A time limit that says what it means: not set, or at least nought.
bool IsPlainTimeout(const program::Value* timeout)
{
    if (!timeout) return true;
    const auto* value{timeout->As<program::Float>()};
    return value && std::bit_cast<double>(value->bits) >= 0;
}

Complaint JudgeWaits(const Run& run)
{
    // An interrupt may come before the wait that it ends.
    if (CallsAny(run, "interrupt")) return std::nullopt;
    for (const Answered& answered : AnswersOf(run, "BlockTemplate", "waitNext")) {
        const program::Call& call{answered.call};
        const program::Value* threshold{FindArgument(run, call, {"options", "feeThreshold"})};
        const auto* threshold_sat{threshold ? threshold->As<int64_t>() : nullptr};
        if (!threshold_sat || *threshold_sat > 0 || !IsEmptyTemplate(run, call.target)) continue;
        if (!IsPlainTimeout(FindArgument(run, call, {"options", "timeout"}))) continue;
        if (!FindResult(run, answered, {"result"})) return "there is none although the fees need not rise";
    }
    return std::nullopt;
}

} // namespace

std::vector<domain::Postcondition> WaitPostconditions()
{
    return {MakePostcondition("BlockTemplate.waitNext", JudgeWaits)};
}

} // namespace mpfuzz::domains::bitcoin
