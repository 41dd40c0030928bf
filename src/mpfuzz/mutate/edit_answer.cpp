#include <mpfuzz/generate/atoms.h>
#include <mpfuzz/mutate/mutators.h>
#include <mpfuzz/mutate/value_ref.h>

#include <algorithm>
#include <iterator>

namespace mpfuzz::mutate {

using program::Edit;

namespace {

// Guess, unmeasured.
constexpr size_t MAX_EDITS{8};

void ChangeEdit(base::Rng& rng, Edit& edit)
{
    const bool has_bytes{edit.kind != Edit::Kind::FLIP && edit.kind != Edit::Kind::CUT};
    const bool has_number{edit.kind != Edit::Kind::PREPEND && edit.kind != Edit::Kind::APPEND};
    if (has_number && (!has_bytes || rng.OneIn(2))) {
        edit.number += rng.OneIn(2) || edit.number == 0 ? 1 : -uint64_t{1};
    } else {
        edit.bytes = generate::RandomBytes(rng, 1 + rng.SkewedLength(7));
    }
}

} // namespace

bool EditAnswer(program::Program& program, Context& context)
{
    const auto site{PickValue(context, program, [](const ValueRef& candidate) {
        const bool is_bytes{candidate.type.kind == schema::Kind::TEXT || candidate.type.kind == schema::Kind::DATA};
        return is_bytes && candidate.value->As<program::DataRef>();
    })};
    if (!site) return false;
    base::Rng& rng{context.rng};
    auto& edits{site->value->As<program::DataRef>()->edits};
    const uint64_t way{edits.empty() ? 0 : rng.Below(4)};
    if (way <= 1) {
        std::ranges::move(generate::MakeEdits(rng), std::back_inserter(edits));
        if (edits.size() > MAX_EDITS) edits.erase(edits.begin(), edits.end() - MAX_EDITS);
    } else if (way == 2) {
        edits.erase(edits.begin() + static_cast<std::ptrdiff_t>(rng.Below(edits.size())));
    } else {
        ChangeEdit(rng, rng.Pick(edits));
    }
    return true;
}

} // namespace mpfuzz::mutate
