#include <mpfuzz/generate/atoms.h>
#include <mpfuzz/mutate/mutators.h>
#include <mpfuzz/mutate/value_ref.h>
#include <mpfuzz/program/validate.h>

namespace mpfuzz::mutate {

using program::DataRef;

namespace {

// Guesses, unmeasured: data under the field's own name against other data, and bytes that are edited.
constexpr uint32_t SAME_NAME_WEIGHT{8};
constexpr uint64_t EDITED_ONE_IN{3};
// Kinds of values differ in where they can come from.
constexpr int TRIES{4};

//! An answer before the site that fits: its like as it is named. A call that may never be answered is not
//! worth waiting for.
std::optional<DataRef> PickAnswer(const Context& context, const program::Program& program, const ValueRef& site)
{
    const generate::Inventory stock{context.Before(program, site.step)};
    std::vector<DataRef> answers;
    std::vector<uint32_t> weights;
    for (program::StepIndex step{0}; step < site.step; ++step) {
        const auto* call{std::get_if<program::Call>(&program.steps[step])};
        if (!call || stock.MayHang(step) || stock.Canceled(step)) continue;
        for (const generate::DataYield& data : context.schema_index.Data(call->method)) {
            if (!program::DataFits(context.schema, data.type, site.type)) continue;
            answers.push_back({step, data.path, {}});
            weights.push_back(data.field == site.field ? SAME_NAME_WEIGHT : 1);
        }
    }
    if (answers.empty()) return std::nullopt;
    return std::move(answers[context.rng.Weighted(weights)]);
}

} // namespace

bool TakeAnswer(program::Program& program, Context& context)
{
    for (int i{0}; i < TRIES; ++i) {
        const auto site{PickValue(context, program, [&](const ValueRef& candidate) {
            return !candidate.served && program::DataFits(context.schema, candidate.type, candidate.type);
        })};
        if (!site) return false;
        auto answer{PickAnswer(context, program, *site)};
        if (!answer) continue;
        const bool is_bytes{site->type.kind == schema::Kind::TEXT || site->type.kind == schema::Kind::DATA};
        if (is_bytes && context.rng.OneIn(EDITED_ONE_IN)) answer->edits = generate::MakeEdits(context.rng);
        *site->value = std::move(*answer);
        return true;
    }
    return false;
}

} // namespace mpfuzz::mutate
