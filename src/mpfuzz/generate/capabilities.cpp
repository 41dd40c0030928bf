#include <mpfuzz/generate/growth.h>
#include <mpfuzz/generate/values.h>

#include <algorithm>
#include <array>

namespace mpfuzz::generate {

using domain::Slot;
using program::CapabilityRef;
using program::Value;

namespace {

// Uses of a capability that a misbehaving program gets wrong, and objects of ours inside what objects
// of ours return. Guesses, unmeasured.
constexpr unsigned MISUSE_PERCENT{20};
constexpr unsigned MAX_SERVED_DEPTH{2};

std::optional<CapabilityRef> MakeForeign(Growth& growth, const Slot& slot, uint32_t interface)
{
    const std::vector<CapabilityRef> foreign{growth.Foreign(interface, slot.target.step)};
    if (!foreign.empty()) return growth.GetRng().Pick(foreign);
    const bool room{growth.GetInventory().Open().size() < growth.GetAtlas().GetRules().max_connections};
    if (!room || growth.Full()) return std::nullopt;
    return growth.Obtain(interface, growth.Open());
}

std::optional<CapabilityRef> MakeReleased(Growth& growth, const Slot& slot, uint32_t interface)
{
    std::vector<CapabilityRef> candidates{growth.Released(interface)};
    if (!candidates.empty()) return growth.GetRng().Pick(candidates);
    candidates = growth.Live(interface, slot.target.step);
    std::erase(candidates, slot.target); // the call itself should still arrive
    if (candidates.empty() || growth.Full()) return std::nullopt;
    CapabilityRef chosen{growth.GetRng().Pick(candidates)};
    growth.Add(program::Drop{chosen});
    return chosen;
}

std::optional<CapabilityRef> MakeMistaken(Growth& growth, const Slot& slot, uint32_t interface)
{
    const std::vector<CapabilityRef> candidates{growth.Mistaken(interface, slot.target.step)};
    if (candidates.empty()) return std::nullopt;
    return growth.GetRng().Pick(candidates);
}

std::optional<Value> MakeMisuse(Growth& growth, const Slot& slot, uint32_t interface)
{
    // Guesses, unmeasured: null, foreign, released, mistaken.
    static constexpr std::array<uint32_t, 4> WEIGHTS{25, 25, 25, 25};
    switch (growth.GetRng().Weighted(WEIGHTS)) {
    case 0: return program::Null{};
    case 1: return MakeForeign(growth, slot, interface);
    case 2: return MakeReleased(growth, slot, interface);
    default: return MakeMistaken(growth, slot, interface);
    }
}

Value MakeServeStep(Growth& growth, const Slot& slot, uint32_t interface)
{
    program::ServedObject object{MakeServed(growth, slot, interface)};
    if (growth.Full()) return object;
    return CapabilityRef{growth.Add(program::Serve{std::move(object)}), {}};
}

bool YieldsCapabilities(const Growth& growth, schema::MethodRef method)
{
    return !growth.GetAtlas().Capabilities(method).empty();
}

//! Call back one of the capabilities that come as parameters. @return False where there is none.
bool AimCallback(Growth& growth, program::Reaction& reaction)
{
    const schema::Schema& schema{growth.GetAtlas().GetSchema()};
    const auto& fields{schema.GetStruct(schema.GetMethod(reaction.method).params).fields};
    std::vector<std::pair<program::Path, std::vector<schema::MethodRef>>> targets;
    const auto add{[&](const program::Path& path, schema::Type type) {
        if (type.kind != schema::Kind::INTERFACE) return;
        std::vector<schema::MethodRef> methods{schema.GetInterface(type.index).all_methods};
        std::erase_if(methods, [&](schema::MethodRef method) { return growth.GetAtlas().Denied(method); });
        if (!methods.empty()) targets.emplace_back(path, std::move(methods));
    }};
    using Element = program::PathElement;
    for (uint32_t field{0}; field < fields.size(); ++field) {
        const schema::Type type{fields[field].type};
        add({{Element::Kind::FIELD, field}}, type);
        // One level further down, such as into a Context.
        if (type.kind != schema::Kind::STRUCT) continue;
        const auto& inner{schema.GetStruct(type.index).fields};
        for (uint32_t i{0}; i < inner.size(); ++i) {
            add({{Element::Kind::FIELD, field}, {Element::Kind::FIELD, i}}, inner[i].type);
        }
    }
    if (targets.empty()) return false;
    const auto& [path, methods]{growth.GetRng().Pick(targets)};
    reaction.callback_target = path;
    reaction.callback = growth.GetRng().Pick(methods);
    return true;
}

} // namespace

program::Reaction MakeReaction(Growth& growth, const Slot& slot, schema::MethodRef method)
{
    using Kind = program::Reaction::Kind;
    // Guesses, unmeasured: return, throw, never, later, call, echo, disconnect.
    static constexpr std::array<uint32_t, 7> POLITE{80, 5, 0, 0, 5, 10, 0};
    static constexpr std::array<uint32_t, 7> ANY{45, 20, 5, 10, 10, 5, 5};
    const schema::Schema& schema{growth.GetAtlas().GetSchema()};
    base::Rng& rng{growth.GetRng()};
    program::Reaction reaction;
    reaction.kind = static_cast<Kind>(rng.Weighted(growth.Misbehaves() ? ANY : POLITE));
    reaction.method = method;
    if (reaction.kind == Kind::CALL && !AimCallback(growth, reaction)) reaction.kind = Kind::RETURN;
    if (reaction.kind == Kind::LATER) {
        reaction.step = static_cast<uint32_t>(rng.Below(growth.GetAtlas().GetRules().max_steps));
    }
    if (reaction.kind == Kind::THROW) {
        reaction.exception = static_cast<uint8_t>(rng.Below(4));
        reaction.message = "thrown on purpose";
    } else if (reaction.Answers()) {
        const uint32_t results{schema.GetMethod(method).results};
        const Slot inner{schema, {schema::Kind::STRUCT, results}, schema.GetStruct(results), "", method, slot.target};
        reaction.results = MakeFields(growth, inner, results).fields;
    }
    return reaction;
}

program::ServedObject MakeServed(Growth& growth, const Slot& slot, uint32_t interface)
{
    program::ServedObject object{interface, {}};
    Budget& budget{growth.GetBudget()};
    if (budget.served_depth >= MAX_SERVED_DEPTH) return object;
    std::vector<schema::MethodRef> methods{growth.GetAtlas().GetSchema().GetInterface(interface).all_methods};
    std::ranges::sort(methods);
    ++budget.served_depth;
    for (const schema::MethodRef method : methods) {
        // Without an answer of ours a capability would be null, other results their defaults.
        if (YieldsCapabilities(growth, method) || growth.GetRng().OneIn(3)) {
            object.reactions.push_back(MakeReaction(growth, slot, method));
        }
    }
    --budget.served_depth;
    return object;
}

Value MakeCapability(Growth& growth, const Slot& slot, uint32_t interface)
{
    // Guesses, unmeasured: at hand or by producers, freshly produced, one of our Serve steps, served
    // inline, a Serve step of its own.
    static constexpr std::array<uint32_t, 5> REACHABLE{60, 15, 5, 15, 5};
    static constexpr std::array<uint32_t, 5> OURS_ONLY{0, 0, 25, 50, 25};
    base::Rng& rng{growth.GetRng()};
    if (growth.GetBudget().served_depth > 0) return MakeServed(growth, slot, interface);
    if (growth.Misbehaves() && rng.Percent(MISUSE_PERCENT)) {
        if (auto misuse{MakeMisuse(growth, slot, interface)}) return std::move(*misuse);
    }
    const bool reachable{growth.GetAtlas().Rank(interface) != Atlas::UNREACHABLE};
    std::optional<CapabilityRef> ref;
    switch (rng.Weighted(reachable ? REACHABLE : OURS_ONLY)) {
    case 0: ref = growth.Obtain(interface, slot.target.step); break;
    case 1: ref = growth.Produce(interface, slot.target.step); break;
    case 2: {
        const std::vector<CapabilityRef> served{growth.Served(interface)};
        if (!served.empty()) ref = rng.Pick(served);
        break;
    }
    case 3: break;
    default: return MakeServeStep(growth, slot, interface);
    }
    if (ref) return std::move(*ref);
    return MakeServed(growth, slot, interface);
}

} // namespace mpfuzz::generate
