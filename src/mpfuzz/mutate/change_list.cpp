#include <mpfuzz/mutate/mutators.h>
#include <mpfuzz/mutate/value_ref.h>

#include <algorithm>

namespace mpfuzz::mutate {

using base::Rng;
using program::ListValue;
using program::RepeatValue;
using program::Value;

namespace {

// Most elements that are spelt out, and counts of repeated ones. Guesses, unmeasured; BreakValue goes higher.
constexpr size_t MAX_ELEMENTS{256};
constexpr uint64_t MAX_REPEATED_NUMBERS{20'000};
constexpr uint64_t MAX_REPEATED_POINTERS{200};

uint64_t MakeCount(const Context& context, schema::Type element)
{
    return context.rng.SkewedLength(schema::IsPointer(element.kind) ? MAX_REPEATED_POINTERS : MAX_REPEATED_NUMBERS);
}

//! False where it would get too long.
bool Insert(Context& context, schema::Type element, std::vector<Value>& elements)
{
    if (elements.size() >= MAX_ELEMENTS) return false;
    Rng& rng{context.rng};
    const bool copy{!elements.empty() && rng.OneIn(2)};
    Value value{copy ? Value{rng.Pick(elements)} : MakeAtom(context, element)};
    elements.insert(elements.begin() + static_cast<std::ptrdiff_t>(rng.Below(elements.size() + 1)), std::move(value));
    return true;
}

bool ChangeElements(Context& context, schema::Type element, Value& list)
{
    Rng& rng{context.rng};
    auto& elements{list.As<ListValue>()->elements};
    if (elements.empty()) return Insert(context, element, elements);
    const size_t position{rng.Below(elements.size())};
    switch (rng.Below(6)) {
    case 0:
    case 1: return Insert(context, element, elements);
    case 2: elements.erase(elements.begin() + static_cast<std::ptrdiff_t>(position)); return true;
    case 3: std::swap(elements[position], elements[rng.Below(elements.size())]); return true;
    case 4: elements.resize(position); return true;
    default: {
        Value repeated{std::move(elements[position])};
        list = RepeatValue{MakeCount(context, element), {std::move(repeated)}};
        return true;
    }
    }
}

bool ChangeRepeat(Context& context, schema::Type element, Value& list)
{
    auto& repeat{*list.As<RepeatValue>()};
    if (context.rng.OneIn(3)) {
        // Spelt out, its elements can differ.
        const size_t length{static_cast<size_t>(std::min<uint64_t>(repeat.count, MAX_ELEMENTS))};
        list = ListValue{std::vector<Value>(length, Value{repeat.element.at(0)})};
    } else {
        repeat.count = MakeCount(context, element);
    }
    return true;
}

} // namespace

bool ChangeList(program::Program& program, Context& context)
{
    const auto site{PickValue(context, program, [](const ValueRef& candidate) {
        return candidate.type.kind == schema::Kind::LIST && !candidate.value->As<program::DataRef>();
    })};
    if (!site) return false;
    const schema::Type element{context.schema.Element(site->type)};
    if (site->value->As<program::Null>()) *site->value = ListValue{};
    return site->value->As<ListValue>() ? ChangeElements(context, element, *site->value)
                                        : ChangeRepeat(context, element, *site->value);
}

} // namespace mpfuzz::mutate
