#include <mpfuzz/generate/program_builder.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/program/visit.h>

#include <algorithm>

namespace mpfuzz::generate {

using program::CapabilityRef;
using program::StepIndex;
using schema::MethodRef;

namespace {

// All numbers here are guesses.

// A call may need a capability that another call returns, which needs a third call, and so on. This is the maximum
// length of such a chain. Real schemas need about five (main, thread map, thread, mining, template).
constexpr unsigned MAX_DEPTH{8};
// From this length on, only call methods on a shortest route from the main interface, so that the chain ends.
constexpr unsigned SHORTEST_ROUTE_DEPTH{3};

} // namespace

void Inventory::Note(const program::Program& program, StepIndex index)
{
    CHECK(index == m_connection.size(), index, m_connection.size());
    const program::Step& step{program.steps.at(index)};
    m_connection.emplace_back();
    m_may_hang.push_back(false);
    m_cancelled.push_back(false);

    if (std::holds_alternative<program::Connect>(step)) {
        m_connection[index] = index;
        m_open.push_back(index);
    } else if (const auto* bootstrap = std::get_if<program::Bootstrap>(&step)) {
        m_connection[index] = bootstrap->connection;
        const bool live{std::ranges::count(m_open, bootstrap->connection) > 0};
        m_items.push_back({{index, {}}, bootstrap->interface, bootstrap->connection, live});
    } else if (const auto* call = std::get_if<program::Call>(&step)) {
        program::ForEachReference(step, [&](StepIndex used) {
            if (m_may_hang.at(used)) m_may_hang[index] = true;
        });
        NoteCall(*call, index);
    } else if (const auto* serve = std::get_if<program::Serve>(&step)) {
        m_items.push_back({{index, {}}, serve->object.interface, std::nullopt, true});
    } else if (const auto* drop = std::get_if<program::Drop>(&step)) {
        Release(drop->capability);
    } else if (const auto* cancel = std::get_if<program::Cancel>(&step)) {
        m_cancelled[cancel->call] = true;
        for (Item& item : m_items) item.live &= item.ref.step != cancel->call;
    } else if (const auto* disconnect = std::get_if<program::Disconnect>(&step)) {
        std::erase(m_open, disconnect->connection);
        for (Item& item : m_items) item.live &= item.connection != disconnect->connection;
    }
}

void Inventory::NoteCall(const program::Call& call, StepIndex index)
{
    m_connection[index] = m_connection[call.target.step];
    const bool open{m_connection[index] && std::ranges::count(m_open, *m_connection[index]) > 0};
    std::vector<CapabilityRef> arguments;
    program::ForEachCapability(call, [&](const CapabilityRef& ref) { arguments.push_back(ref); });
    for (const CapabilityRef& ref : arguments) {
        if (std::ranges::count(m_busy, ref) > 0) m_may_hang[index] = true;
    }
    if (m_schema_index.MayBlock(call.method)) {
        m_may_hang[index] = true;
        m_busy.insert(m_busy.end(), arguments.begin(), arguments.end());
    }
    for (const CapabilityResult& result : m_schema_index.Capabilities(call.method)) {
        m_items.push_back({{index, result.path}, result.interface, m_connection[index], open});
    }
}

void Inventory::Release(const CapabilityRef& ref)
{
    for (Item& item : m_items) {
        if (item.ref == ref) item.live = false;
    }
}

ProgramBuilder::ProgramBuilder(const SchemaIndex& schema_index, program::Program program, bool misbehaves,
                               CallCounts& counts, base::Rng& rng)
    : m_schema_index{schema_index}, m_program{std::move(program)}, m_inventory{schema_index},
      m_misbehaves{misbehaves}, m_counts{counts}, m_rng{rng}
{
    for (StepIndex step{0}; step < m_program.steps.size(); ++step) m_inventory.Note(m_program, step);
}

std::vector<CapabilityRef> ProgramBuilder::Select(uint32_t interface, const Wanted& wanted) const
{
    std::vector<CapabilityRef> refs;
    for (const Item& item : m_inventory.Items()) {
        if (m_schema_index.GetSchema().Extends(item.interface, interface) && wanted(item)) refs.push_back(item.ref);
    }
    return refs;
}

std::vector<CapabilityRef> ProgramBuilder::Live(uint32_t interface, StepIndex like) const
{
    const auto connection{m_inventory.Connection(like)};
    return Select(interface,
                  [&](const Item& item) { return item.live && item.connection && item.connection == connection; });
}

std::vector<CapabilityRef> ProgramBuilder::Foreign(uint32_t interface, StepIndex like) const
{
    const auto connection{m_inventory.Connection(like)};
    return Select(interface,
                  [&](const Item& item) { return item.live && item.connection && item.connection != connection; });
}

std::vector<CapabilityRef> ProgramBuilder::Released(uint32_t interface) const
{
    return Select(interface, [](const Item& item) { return !item.live; });
}

std::vector<CapabilityRef> ProgramBuilder::Served(uint32_t interface) const
{
    return Select(interface, [](const Item& item) { return item.live && !item.connection; });
}

std::vector<CapabilityRef> ProgramBuilder::OfOtherInterface(uint32_t interface, StepIndex like) const
{
    const auto connection{m_inventory.Connection(like)};
    std::vector<CapabilityRef> refs;
    for (const Item& item : m_inventory.Items()) {
        const bool fits{m_schema_index.GetSchema().Extends(item.interface, interface)};
        if (!fits && item.live && item.connection && item.connection == connection) refs.push_back(item.ref);
    }
    return refs;
}

StepIndex ProgramBuilder::Open()
{
    const StepIndex connection{Add(program::Connect{})};
    return Add(program::Bootstrap{connection, m_schema_index.GetRules().main_interface});
}

std::optional<CapabilityRef> ProgramBuilder::Obtain(uint32_t interface, StepIndex like)
{
    // Half of the time the latest one: it is most likely to lead to something new (a guess).
    const std::vector<CapabilityRef> live{Live(interface, like)};
    if (!live.empty()) return m_rng.OneIn(2) ? live.back() : m_rng.Pick(live);
    return Produce(interface, like);
}

std::optional<CapabilityRef> ProgramBuilder::Produce(uint32_t interface, StepIndex like)
{
    const auto connection{m_inventory.Connection(like)};
    if (!connection || Full() || m_depth >= MAX_DEPTH) return std::nullopt;
    const uint32_t main{m_schema_index.GetRules().main_interface};
    if (m_schema_index.GetSchema().Extends(main, interface))
        return CapabilityRef{Add(program::Bootstrap{*connection, main}), {}};

    const auto producer{PickProducer(interface)};
    if (!producer) return std::nullopt;
    ++m_depth;
    const auto target{Obtain(producer->interface, like)};
    const auto call{target ? AddCall(*producer, *target) : std::nullopt};
    --m_depth;
    if (!call) return std::nullopt;
    for (const CapabilityResult& result : m_schema_index.Capabilities(*producer)) {
        if (m_schema_index.GetSchema().Extends(result.interface, interface)) return CapabilityRef{*call, result.path};
    }
    return std::nullopt;
}

std::optional<MethodRef> ProgramBuilder::PickProducer(uint32_t interface)
{
    const uint32_t rank{m_schema_index.Rank(interface)};
    if (rank == SchemaIndex::UNREACHABLE) return std::nullopt;
    std::vector<MethodRef> methods;
    std::vector<uint32_t> weights;
    for (const schema::Occurrence& producer : m_schema_index.GetSchema().Producers(interface)) {
        const uint32_t via{m_schema_index.Rank(producer.method.interface)};
        if (m_schema_index.Denied(producer.method) || via == SchemaIndex::UNREACHABLE) continue;
        const bool on_shortest_route{via < rank};
        if (m_depth >= SHORTEST_ROUTE_DEPTH && !on_shortest_route) continue;
        // Prefer short routes, and methods that do not block.
        methods.push_back(producer.method);
        weights.push_back((on_shortest_route ? 10 : 2) * (m_schema_index.MayBlock(producer.method) ? 1 : 10));
    }
    if (methods.empty()) return std::nullopt;
    return methods[m_rng.Weighted(weights)];
}

std::optional<StepIndex> ProgramBuilder::AddCall(MethodRef method, const CapabilityRef& target)
{
    if (Full() || m_depth >= MAX_DEPTH) return std::nullopt;
    ++m_depth;
    program::StructValue arguments{MakeArguments(*this, method, target)};
    --m_depth;
    // MakeArguments() may have filled the program. Add the call anyway: otherwise the steps made for its arguments
    // would be useless.
    return Add(program::Call{target, method, std::move(arguments)});
}

StepIndex ProgramBuilder::Add(program::Step step)
{
    if (const auto* call = std::get_if<program::Call>(&step)) ++m_counts[m_schema_index.Number(call->method)];
    m_program.steps.push_back(std::move(step));
    const StepIndex index{static_cast<StepIndex>(m_program.steps.size() - 1)};
    m_inventory.Note(m_program, index);
    return index;
}

program::Value ProgramBuilder::Plain(const domain::SourceContext& source_context, schema::Type type)
{
    return MakePlain(*this, source_context, type);
}

std::vector<program::DataRef> ProgramBuilder::Answers(schema::Type type, const std::vector<std::string_view>& fields,
                                                      StepIndex like) const
{
    const auto connection{m_inventory.Connection(like)};
    std::vector<program::DataRef> refs;
    for (StepIndex step{0}; step < m_program.steps.size(); ++step) {
        const auto* call = std::get_if<program::Call>(&m_program.steps[step]);
        if (!call || !connection || m_inventory.Connection(step) != connection) continue;
        if (m_inventory.MayHang(step) || m_inventory.Cancelled(step)) continue;
        for (const DataResult& result : m_schema_index.Data(call->method)) {
            const bool named{fields.empty() || std::ranges::count(fields, result.field) > 0};
            if (result.type == type && named) refs.push_back({step, result.path, {}});
        }
    }
    return refs;
}

} // namespace mpfuzz::generate
