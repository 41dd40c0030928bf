#include <domains/bitcoin/domain.h>

#include <domains/bitcoin/postconditions.h>
#include <domains/bitcoin/sources.h>

namespace mpfuzz::domains::bitcoin {

namespace {

// Guesses, unmeasured. Both are low: old methods only return an error, and interrupts end the waits of other calls.
constexpr unsigned OLD_METHOD_PERCENT{10};
constexpr unsigned INTERRUPT_PERCENT{40};

unsigned PercentOfGoals(const schema::Schema& schema, schema::MethodRef method)
{
    const std::string& name{schema.GetMethod(method).name};
    if (name == "makeMiningOld2" || name == "submitSolutionOld7") return OLD_METHOD_PERCENT;
    if (name.starts_with("interrupt")) return INTERRUPT_PERCENT;
    return 100;
}

} // namespace

domain::Domain MakeDomain()
{
    domain::Domain made;
    made.name = "bitcoin";
    made.sources = {
        {"hash", FitsHash, MakeHashValue},
        {"block", FitsBlock, MakeBlockValue},
        {"coinbase", FitsCoinbase, MakeCoinbaseValue},
        {"number", FitsNumber, MakeNumberValue},
        {"timeout", FitsTimeout, MakeTimeoutValue},
        {"json-rpc", FitsRpc, MakeRpcValue},
    };
    made.goal_percent = PercentOfGoals;
    for (auto& postconditions :
         {TemplatePostconditions(), TipPostconditions(), WaitPostconditions(), RpcPostconditions()})
        made.postconditions.insert(made.postconditions.end(), postconditions.begin(), postconditions.end());
    return made;
}

} // namespace mpfuzz::domains::bitcoin
