#include <mpfuzz/generate/hostile.h>
#include <mpfuzz/mutate/blocks.h>
#include <mpfuzz/mutate/mutators.h>

namespace mpfuzz::mutate {

using program::StepIndex;

bool SendRaw(program::Program& program, Context& context)
{
    if (program.steps.empty() || context.Room(program) == 0) return false;
    const auto position{static_cast<StepIndex>(1 + context.rng.Below(program.steps.size()))};
    const generate::Inventory stock{context.Before(program, position)};
    if (stock.Open().empty()) return false;
    const StepIndex connection{context.rng.Pick(stock.Open())};
    if (context.rng.OneIn(4)) { // guess, unmeasured
        InsertSteps(program, position, {generate::MakeHostileBytes(connection, context.rng)});
        return true;
    }
    auto message{generate::MakeHostileMessage(context.schema_index, connection, context.rng)};
    if (!message) return false;
    InsertSteps(program, position, {std::move(*message)});
    return true;
}

} // namespace mpfuzz::mutate
