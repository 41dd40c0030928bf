#include <mpfuzz/generate/program_builder.h>
#include <mpfuzz/generate/values.h>

#include <algorithm>
#include <array>

namespace mpfuzz::generate {

using domain::SourceContext;
using program::CapabilityRef;
using program::Value;

namespace {

// All numbers here are guesses.

// How often an argument of a misbehaving program is a wrong capability.
constexpr unsigned MISUSE_PERCENT{20};
// How deeply served objects may be nested in the results of served objects.
constexpr unsigned MAX_SERVED_DEPTH{2};

std::optional<CapabilityRef> MakeForeign(ProgramBuilder& builder, const SourceContext& source_context,
                                         uint32_t interface)
{
    const std::vector<CapabilityRef> foreign{builder.Foreign(interface, source_context.target.step)};
    if (!foreign.empty()) return builder.GetRng().Pick(foreign);
    const bool room{builder.GetInventory().Open().size() < builder.GetSchemaIndex().GetRules().max_connections};
    if (!room || builder.Full()) return std::nullopt;
    return builder.Obtain(interface, builder.Open());
}

std::optional<CapabilityRef> MakeReleased(ProgramBuilder& builder, const SourceContext& source_context,
                                          uint32_t interface)
{
    std::vector<CapabilityRef> candidates{builder.Released(interface)};
    if (!candidates.empty()) return builder.GetRng().Pick(candidates);
    candidates = builder.Live(interface, source_context.target.step);
    std::erase(candidates, source_context.target); // otherwise the call would not be sent
    if (candidates.empty() || builder.Full()) return std::nullopt;
    CapabilityRef chosen{builder.GetRng().Pick(candidates)};
    builder.Add(program::Drop{chosen});
    return chosen;
}

std::optional<CapabilityRef> MakeOfOtherInterface(ProgramBuilder& builder, const SourceContext& source_context,
                                                  uint32_t interface)
{
    const std::vector<CapabilityRef> candidates{builder.OfOtherInterface(interface, source_context.target.step)};
    if (candidates.empty()) return std::nullopt;
    return builder.GetRng().Pick(candidates);
}

std::optional<Value> MakeMisuse(ProgramBuilder& builder, const SourceContext& source_context, uint32_t interface)
{
    // Null, of another connection, released, of another interface.
    static constexpr std::array<uint32_t, 4> WEIGHTS{25, 25, 25, 25};
    switch (builder.GetRng().Weighted(WEIGHTS)) {
    case 0: return program::Null{};
    case 1: return MakeForeign(builder, source_context, interface);
    case 2: return MakeReleased(builder, source_context, interface);
    default: return MakeOfOtherInterface(builder, source_context, interface);
    }
}

Value MakeServeStep(ProgramBuilder& builder, const SourceContext& source_context, uint32_t interface)
{
    program::ServedObject object{MakeServed(builder, source_context, interface)};
    if (builder.Full()) return object;
    return CapabilityRef{builder.Add(program::Serve{std::move(object)}), {}};
}

bool ReturnsCapabilities(const ProgramBuilder& builder, schema::MethodRef method)
{
    return !builder.GetSchemaIndex().Capabilities(method).empty();
}

//! Sets the callback of a reaction: a method of a capability in the parameters. @return False if there is none.
bool PickCallback(ProgramBuilder& builder, program::Reaction& reaction)
{
    const schema::Schema& schema{builder.GetSchemaIndex().GetSchema()};
    const auto& fields{schema.GetStruct(schema.GetMethod(reaction.method).params).fields};
    std::vector<std::pair<program::Path, std::vector<schema::MethodRef>>> targets;
    const auto add{[&](const program::Path& path, schema::Type type) {
        if (type.kind != schema::Kind::INTERFACE) return;
        std::vector<schema::MethodRef> methods{schema.GetInterface(type.index).all_methods};
        std::erase_if(methods, [&](schema::MethodRef method) { return builder.GetSchemaIndex().Denied(method); });
        if (!methods.empty()) targets.emplace_back(path, std::move(methods));
    }};
    using Element = program::PathElement;
    for (uint32_t field{0}; field < fields.size(); ++field) {
        const schema::Type type{fields[field].type};
        add({{Element::Kind::FIELD, field}}, type);
        // Also fields of a struct parameter, such as of a Context.
        if (type.kind != schema::Kind::STRUCT) continue;
        const auto& inner{schema.GetStruct(type.index).fields};
        for (uint32_t i{0}; i < inner.size(); ++i) {
            add({{Element::Kind::FIELD, field}, {Element::Kind::FIELD, i}}, inner[i].type);
        }
    }
    if (targets.empty()) return false;
    const auto& [path, methods]{builder.GetRng().Pick(targets)};
    reaction.callback_target = path;
    reaction.callback = builder.GetRng().Pick(methods);
    return true;
}

} // namespace

program::Reaction MakeReaction(ProgramBuilder& builder, const SourceContext& source_context, schema::MethodRef method)
{
    using Kind = program::Reaction::Kind;
    // Return, throw, never, later, call, echo, disconnect.
    static constexpr std::array<uint32_t, 7> WELL_BEHAVED{80, 5, 0, 0, 5, 10, 0};
    static constexpr std::array<uint32_t, 7> MISBEHAVING{45, 20, 5, 10, 10, 5, 5};
    const schema::Schema& schema{builder.GetSchemaIndex().GetSchema()};
    base::Rng& rng{builder.GetRng()};
    program::Reaction reaction;
    reaction.kind = static_cast<Kind>(rng.Weighted(builder.Misbehaves() ? MISBEHAVING : WELL_BEHAVED));
    reaction.method = method;
    if (reaction.kind == Kind::CALL && !PickCallback(builder, reaction)) reaction.kind = Kind::RETURN;
    if (reaction.kind == Kind::LATER) {
        reaction.step = static_cast<uint32_t>(rng.Below(builder.GetSchemaIndex().GetRules().max_steps));
    }
    if (reaction.kind == Kind::THROW) {
        reaction.exception = static_cast<uint8_t>(rng.Below(4));
        reaction.message = "thrown on purpose";
    } else if (reaction.Answers()) {
        const uint32_t results{schema.GetMethod(method).results};
        const SourceContext inner{
            schema, {schema::Kind::STRUCT, results}, schema.GetStruct(results), "", method, source_context.target};
        reaction.results = MakeFields(builder, inner, results).fields;
    }
    return reaction;
}

program::ServedObject MakeServed(ProgramBuilder& builder, const SourceContext& source_context, uint32_t interface)
{
    program::ServedObject object{interface, {}};
    Budget& budget{builder.GetBudget()};
    if (budget.served_depth >= MAX_SERVED_DEPTH) return object;
    std::vector<schema::MethodRef> methods{builder.GetSchemaIndex().GetSchema().GetInterface(interface).all_methods};
    std::ranges::sort(methods);
    ++budget.served_depth;
    for (const schema::MethodRef method : methods) {
        // A method without a reaction returns defaults: null for capabilities.
        if (ReturnsCapabilities(builder, method) || builder.GetRng().OneIn(3)) {
            object.reactions.push_back(MakeReaction(builder, source_context, method));
        }
    }
    --budget.served_depth;
    return object;
}

Value MakeCapability(ProgramBuilder& builder, const SourceContext& source_context, uint32_t interface)
{
    // Weights: a live capability (a new one if there is none), a new capability, the object of an earlier Serve step,
    // an object served in the argument, the object of a new Serve step.
    static constexpr std::array<uint32_t, 5> REACHABLE{60, 15, 5, 15, 5};
    static constexpr std::array<uint32_t, 5> ONLY_SERVED{0, 0, 25, 50, 25};
    base::Rng& rng{builder.GetRng()};
    if (builder.GetBudget().served_depth > 0) return MakeServed(builder, source_context, interface);
    if (builder.Misbehaves() && rng.Percent(MISUSE_PERCENT)) {
        if (auto misuse{MakeMisuse(builder, source_context, interface)}) return std::move(*misuse);
    }
    const bool reachable{builder.GetSchemaIndex().Rank(interface) != SchemaIndex::UNREACHABLE};
    std::optional<CapabilityRef> ref;
    switch (rng.Weighted(reachable ? REACHABLE : ONLY_SERVED)) {
    case 0: ref = builder.Obtain(interface, source_context.target.step); break;
    case 1: ref = builder.Produce(interface, source_context.target.step); break;
    case 2: {
        const std::vector<CapabilityRef> served{builder.Served(interface)};
        if (!served.empty()) ref = rng.Pick(served);
        break;
    }
    case 3: break;
    default: return MakeServeStep(builder, source_context, interface);
    }
    if (ref) return std::move(*ref);
    return MakeServed(builder, source_context, interface);
}

} // namespace mpfuzz::generate
