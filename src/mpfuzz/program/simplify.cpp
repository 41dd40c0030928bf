#include <mpfuzz/program/edit.h>
#include <mpfuzz/program/words.h>

#include <algorithm>
#include <bit>
#include <cmath>

namespace mpfuzz::program {
namespace {

using schema::Kind;
using schema::Type;

//! In lists up to this length, single elements are removed too. Longer lists would need too many runs of the minimizer.
//! A guess.
constexpr size_t MAX_SINGLE{32};

//! The rank of a float: lower is simpler. Only a float with a lower rank is a candidate.
int Rank(double number, bool is_plus_zero, bool is_plain_nan)
{
    if (is_plus_zero) return 0;
    if (number == 1) return 1;
    if (is_plain_nan || (std::isfinite(number) && number == std::trunc(number)) || std::isinf(number)) return 2;
    return 3;
}

//! The default value of a type.
Value Default(Type type)
{
    if (schema::IsInteger(type.kind)) {
        if (schema::MinInteger(type.kind) < 0) return int64_t{0};
        return uint64_t{0};
    }
    switch (type.kind) {
    case Kind::VOID: return Void{};
    case Kind::BOOL: return false;
    case Kind::FLOAT32:
    case Kind::FLOAT64: return Float{};
    case Kind::ENUM: return EnumValue{};
    // Not null: groups, and structs in a list, cannot be null.
    case Kind::STRUCT: return StructValue{};
    default: return Null{};
    }
}

//! Collects simpler candidates for one value, the simplest first.
class Simplifier
{
public:
    Simplifier(const schema::Schema& schema, Type type) : m_schema{schema}, m_type{type} {}

    void operator()(const Void&) {}
    void operator()(const Null&) {}
    void operator()(const SeenCapability&) {}
    void operator()(bool truth)
    {
        if (truth) Add(false);
    }
    void operator()(int64_t number)
    {
        // Go towards zero from either side. Unsigned, because the smallest int64_t cannot be negated.
        const uint64_t distance{number < 0 ? uint64_t{0} - static_cast<uint64_t>(number)
                                           : static_cast<uint64_t>(number)};
        Approach(distance,
                 [&](uint64_t nearer) { Add(static_cast<int64_t>(number < 0 ? uint64_t{0} - nearer : nearer)); });
    }
    void operator()(uint64_t number)
    {
        Approach(number, [&](uint64_t nearer) { Add(nearer); });
    }
    void operator()(const EnumValue& value)
    {
        const size_t known{m_schema.Enums().at(m_type.index).enumerants.size()};
        if (known > 0 && value.raw >= known) Add(EnumValue{static_cast<uint16_t>(known - 1)});
        Approach(value.raw, [&](uint64_t nearer) { Add(EnumValue{static_cast<uint16_t>(nearer)}); });
    }
    void operator()(const Float& value);
    void operator()(const Blob& blob);
    void operator()(const ListValue& list)
    {
        Add(Null{});
        Shorten(list.elements, [&](std::vector<Value> elements) { Add(ListValue{std::move(elements)}); });
    }
    void operator()(const RepeatValue& repeat)
    {
        Add(Null{});
        Add(ListValue{});
        Approach(repeat.count, [&](uint64_t nearer) { Add(RepeatValue{nearer, repeat.element}); });
    }
    void operator()(const StructValue& value)
    {
        Shorten(value.fields, [&](std::vector<FieldValue> fields) { Add(StructValue{std::move(fields)}); });
    }
    void operator()(const AnyValue&) { Add(Null{}); }
    void operator()(const CapabilityRef&) { Add(Null{}); }
    void operator()(const DataRef& ref)
    {
        Add(Default(m_type));
        Shorten(ref.edits, [&](std::vector<Edit> edits) { Add(DataRef{ref.step, ref.path, std::move(edits)}); });
    }
    void operator()(const ServedObject& object)
    {
        Add(Null{});
        Shorten(object.reactions, [&](std::vector<Reaction> reactions) {
            Add(ServedObject{object.interface, std::move(reactions)});
        });
        for (size_t i{0}; i < object.reactions.size(); ++i) {
            Shorten(object.reactions[i].results, [&](std::vector<FieldValue> results) {
                ServedObject simpler{object};
                simpler.reactions[i].results = std::move(results);
                Add(std::move(simpler));
            });
            if (!object.reactions[i].Answers() || object.reactions[i].kind == Reaction::Kind::RETURN) continue;
            ServedObject simpler{object};
            simpler.reactions[i] = {.method = object.reactions[i].method, .results = object.reactions[i].results};
            Add(std::move(simpler));
        }
    }

    std::vector<Value> Candidates() && { return std::move(m_candidates); }

private:
    template<typename T>
    void Add(T value)
    {
        m_candidates.emplace_back(std::move(value));
    }

    //! Offers zero, then numbers that are closer and closer to `number`. A greedy search then needs only about
    //! log2(number) steps.
    template<typename Offer>
    void Approach(uint64_t number, const Offer& offer)
    {
        for (uint64_t gap{number}; gap > 0; gap /= 2) offer(number - gap);
    }

    //! Offers an empty container. Then offers the container without one of its halves, one of its quarters and so on,
    //! and without one element.
    template<typename Container, typename Offer>
    void Shorten(const Container& all, const Offer& offer)
    {
        for (size_t chunk{all.size()}; chunk > 0; chunk /= 2) {
            // Single elements of a long list are not removed: see MAX_SINGLE.
            if (all.size() / chunk > MAX_SINGLE) break;
            for (size_t begin{0}; begin < all.size(); begin += chunk) {
                const size_t end{std::min(begin + chunk, all.size())};
                Container rest(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(begin));
                rest.insert(rest.end(), all.begin() + static_cast<std::ptrdiff_t>(end), all.end());
                offer(std::move(rest));
            }
        }
    }

    const schema::Schema& m_schema;
    const Type m_type;
    std::vector<Value> m_candidates;
};

void Simplifier::operator()(const Float& value)
{
    const bool narrow{m_type.kind == Kind::FLOAT32};
    const double number{narrow ? std::bit_cast<float>(static_cast<uint32_t>(value.bits))
                               : std::bit_cast<double>(value.bits)};
    const int rank{Rank(number, value.bits == 0, value.bits == (narrow ? NAN32 : NAN64))};
    const auto bits{[&](double simpler) {
        return narrow ? std::bit_cast<uint32_t>(static_cast<float>(simpler)) : std::bit_cast<uint64_t>(simpler);
    }};
    if (rank > 0) Add(Float{bits(0)});
    if (rank > 1) Add(Float{bits(1)});
    if (rank > 2 && std::isnan(number)) Add(Float{narrow ? NAN32 : NAN64});
    if (rank > 2 && std::isfinite(number)) Add(Float{bits(std::trunc(number))});
}

void Simplifier::operator()(const Blob& blob)
{
    Add(Null{});
    Shorten(blob.bytes, [&](std::string bytes) { Add(Blob{std::move(bytes)}); });
    const char filler{m_type.kind == Kind::TEXT ? 'a' : '\0'};
    if (std::ranges::any_of(blob.bytes, [&](char c) { return c != filler; })) {
        Add(Blob{std::string(blob.bytes.size(), filler)});
    }
}

} // namespace

std::vector<Value> SimplerValues(const schema::Schema& schema, schema::Type type, const Value& value)
{
    Simplifier simplifier{schema, type};
    std::visit(simplifier, value.content);
    return std::move(simplifier).Candidates();
}

} // namespace mpfuzz::program
