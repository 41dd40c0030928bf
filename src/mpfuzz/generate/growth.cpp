#include <mpfuzz/generate/growth.h>

#include <algorithm>

namespace mpfuzz::generate {

using program::CapabilityRef;
using program::StepIndex;
using schema::MethodRef;

namespace {

// Producers called for producers called for producers: beyond this, capabilities stay null. Real
// schemas need about five (main, thread map, thread, mining, template). Guess, unmeasured.
constexpr unsigned MAX_DEPTH{8};
// Depth from which on only the shortest way is taken, which ends. Guess, unmeasured.
constexpr unsigned STRAIGHT_DEPTH{3};

} // namespace

Growth::Growth(const Atlas& atlas, program::Program program, bool misbehaves, CallCounts& counts, base::Rng& rng)
    : m_atlas{atlas}, m_program{std::move(program)}, m_inventory{atlas},
      m_misbehaves{misbehaves}, m_counts{counts}, m_rng{rng}
{
    for (StepIndex step{0}; step < m_program.steps.size(); ++step) m_inventory.Note(m_program, step);
}

std::vector<CapabilityRef> Growth::Select(uint32_t interface, const Wanted& wanted) const
{
    std::vector<CapabilityRef> refs;
    for (const Item& item : m_inventory.Items()) {
        if (m_atlas.GetSchema().Extends(item.interface, interface) && wanted(item)) refs.push_back(item.ref);
    }
    return refs;
}

std::vector<CapabilityRef> Growth::Live(uint32_t interface, StepIndex like) const
{
    const auto connection{m_inventory.Connection(like)};
    return Select(interface,
                  [&](const Item& item) { return item.live && item.connection && item.connection == connection; });
}

std::vector<CapabilityRef> Growth::Foreign(uint32_t interface, StepIndex like) const
{
    const auto connection{m_inventory.Connection(like)};
    return Select(interface,
                  [&](const Item& item) { return item.live && item.connection && item.connection != connection; });
}

std::vector<CapabilityRef> Growth::Released(uint32_t interface) const
{
    return Select(interface, [](const Item& item) { return !item.live; });
}

std::vector<CapabilityRef> Growth::Served(uint32_t interface) const
{
    return Select(interface, [](const Item& item) { return item.live && !item.connection; });
}

std::vector<CapabilityRef> Growth::Mistaken(uint32_t interface, StepIndex like) const
{
    const auto connection{m_inventory.Connection(like)};
    std::vector<CapabilityRef> refs;
    for (const Item& item : m_inventory.Items()) {
        const bool fits{m_atlas.GetSchema().Extends(item.interface, interface)};
        if (!fits && item.live && item.connection && item.connection == connection) refs.push_back(item.ref);
    }
    return refs;
}

StepIndex Growth::Open()
{
    const StepIndex connection{Add(program::Connect{})};
    return Add(program::Bootstrap{connection, m_atlas.GetRules().main_interface});
}

std::optional<CapabilityRef> Growth::Obtain(uint32_t interface, StepIndex like)
{
    // The latest are the likeliest to lead on to something new; guess, unmeasured.
    const std::vector<CapabilityRef> live{Live(interface, like)};
    if (!live.empty()) return m_rng.OneIn(2) ? live.back() : m_rng.Pick(live);
    return Produce(interface, like);
}

std::optional<CapabilityRef> Growth::Produce(uint32_t interface, StepIndex like)
{
    const auto connection{m_inventory.Connection(like)};
    if (!connection || Full() || m_depth >= MAX_DEPTH) return std::nullopt;
    const uint32_t main{m_atlas.GetRules().main_interface};
    if (m_atlas.GetSchema().Extends(main, interface))
        return CapabilityRef{Add(program::Bootstrap{*connection, main}), {}};

    const auto producer{PickProducer(interface)};
    if (!producer) return std::nullopt;
    ++m_depth;
    const auto target{Obtain(producer->interface, like)};
    const auto call{target ? AddCall(*producer, *target) : std::nullopt};
    --m_depth;
    if (!call) return std::nullopt;
    for (const Yield& yield : m_atlas.Capabilities(*producer)) {
        if (m_atlas.GetSchema().Extends(yield.interface, interface)) return CapabilityRef{*call, yield.path};
    }
    return std::nullopt;
}

std::optional<MethodRef> Growth::PickProducer(uint32_t interface)
{
    const uint32_t rank{m_atlas.Rank(interface)};
    if (rank == Atlas::UNREACHABLE) return std::nullopt;
    std::vector<MethodRef> methods;
    std::vector<uint32_t> weights;
    for (const schema::Occurrence& producer : m_atlas.GetSchema().Producers(interface)) {
        const uint32_t via{m_atlas.Rank(producer.method.interface)};
        if (m_atlas.Denied(producer.method) || via == Atlas::UNREACHABLE) continue;
        const bool straight{via < rank};
        if (m_depth >= STRAIGHT_DEPTH && !straight) continue;
        // Prefer short ways, and what surely answers; guesses, unmeasured.
        methods.push_back(producer.method);
        weights.push_back((straight ? 10 : 2) * (m_atlas.MayBlock(producer.method) ? 1 : 10));
    }
    if (methods.empty()) return std::nullopt;
    return methods[m_rng.Weighted(weights)];
}

std::optional<StepIndex> Growth::AddCall(MethodRef method, const CapabilityRef& target)
{
    if (Full() || m_depth >= MAX_DEPTH) return std::nullopt;
    ++m_depth;
    program::StructValue arguments{MakeArguments(*this, method, target)};
    --m_depth;
    // Making the arguments may have taken the last room; a call too many is better than arguments
    // that nothing uses.
    return Add(program::Call{target, method, std::move(arguments)});
}

StepIndex Growth::Add(program::Step step)
{
    if (const auto* call = std::get_if<program::Call>(&step)) ++m_counts[m_atlas.Number(call->method)];
    m_program.steps.push_back(std::move(step));
    const StepIndex index{static_cast<StepIndex>(m_program.steps.size() - 1)};
    m_inventory.Note(m_program, index);
    return index;
}

program::Value Growth::Plain(const domain::Slot& slot, schema::Type type) { return MakePlain(*this, slot, type); }

std::vector<program::DataRef> Growth::Answers(schema::Type type, const std::vector<std::string_view>& fields,
                                              StepIndex like) const
{
    const auto connection{m_inventory.Connection(like)};
    std::vector<program::DataRef> refs;
    for (StepIndex step{0}; step < m_program.steps.size(); ++step) {
        const auto* call = std::get_if<program::Call>(&m_program.steps[step]);
        if (!call || !connection || m_inventory.Connection(step) != connection) continue;
        if (m_inventory.MayHang(step) || m_inventory.Canceled(step)) continue;
        for (const DataYield& yield : m_atlas.Data(call->method)) {
            const bool named{fields.empty() || std::ranges::count(fields, yield.field) > 0};
            if (yield.type == type && named) refs.push_back({step, yield.path, {}});
        }
    }
    return refs;
}

} // namespace mpfuzz::generate
