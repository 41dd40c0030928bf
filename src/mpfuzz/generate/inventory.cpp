#include <mpfuzz/generate/inventory.h>

#include <mpfuzz/program/edit.h>

#include <algorithm>

namespace mpfuzz::generate {

using program::CapabilityRef;
using program::StepIndex;

namespace {

//! Capabilities among a call's arguments, its target not included.
std::vector<CapabilityRef> ArgumentCapabilities(const program::Call& call)
{
    std::vector<CapabilityRef> refs;
    program::Step copy{call};
    program::ForEachCapability(copy, [&](CapabilityRef& ref) { refs.push_back(ref); });
    refs.erase(refs.begin()); // the target comes first
    return refs;
}

} // namespace

void Inventory::Note(const program::Program& program, StepIndex index)
{
    CHECK(index == m_connection.size(), index, m_connection.size());
    const program::Step& step{program.steps.at(index)};
    m_connection.emplace_back();
    m_may_hang.push_back(false);
    m_canceled.push_back(false);

    if (std::holds_alternative<program::Connect>(step)) {
        m_connection[index] = index;
        m_open.push_back(index);
    } else if (const auto* bootstrap = std::get_if<program::Bootstrap>(&step)) {
        m_connection[index] = bootstrap->connection;
        const bool live{std::ranges::count(m_open, bootstrap->connection) > 0};
        m_items.push_back({{index, {}}, bootstrap->interface, bootstrap->connection, live});
    } else if (const auto* call = std::get_if<program::Call>(&step)) {
        NoteReferences(program, index);
        NoteCall(*call, index);
    } else if (const auto* serve = std::get_if<program::Serve>(&step)) {
        m_items.push_back({{index, {}}, serve->object.interface, std::nullopt, true});
    } else if (const auto* drop = std::get_if<program::Drop>(&step)) {
        Release(drop->capability);
    } else if (const auto* cancel = std::get_if<program::Cancel>(&step)) {
        m_canceled[cancel->call] = true;
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
    const std::vector<CapabilityRef> arguments{ArgumentCapabilities(call)};
    for (const CapabilityRef& ref : arguments) {
        if (std::ranges::count(m_busy, ref) > 0) m_may_hang[index] = true;
    }
    if (m_schema_index.MayBlock(call.method)) {
        m_may_hang[index] = true;
        m_busy.insert(m_busy.end(), arguments.begin(), arguments.end());
    }
    for (const Yield& yield : m_schema_index.Capabilities(call.method)) {
        m_items.push_back({{index, yield.path}, yield.interface, m_connection[index], open});
    }
}

void Inventory::NoteReferences(const program::Program& program, StepIndex index)
{
    program::Step copy{program.steps[index]};
    program::ForEachReference(copy, [&](StepIndex& step) {
        if (m_may_hang.at(step)) m_may_hang[index] = true;
    });
}

void Inventory::Release(const CapabilityRef& ref)
{
    for (Item& item : m_items) {
        if (item.ref == ref) item.live = false;
    }
}

} // namespace mpfuzz::generate
