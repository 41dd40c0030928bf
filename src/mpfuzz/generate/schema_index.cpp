#include <mpfuzz/generate/schema_index.h>

#include <mpfuzz/base/check.h>

#include <algorithm>
#include <charconv>

namespace mpfuzz::generate {

using schema::MethodRef;

namespace {

program::Path ToPath(const std::vector<schema::PathStep>& steps)
{
    program::Path path;
    for (const schema::PathStep& step : steps) {
        const bool is_field{step.kind == schema::PathStep::Kind::FIELD};
        path.push_back(
            {is_field ? program::PathElement::Kind::FIELD : program::PathElement::Kind::ELEMENT, step.field});
    }
    return path;
}

} // namespace

SchemaIndex::SchemaIndex(const schema::Schema& schema, program::TargetRules rules,
                         std::span<const domain::Domain> domains)
    : m_schema{schema}, m_rules{std::move(rules)}, m_domains{domains}
{
    CHECK(m_rules.main_interface < schema.Interfaces().size(), m_rules.main_interface);
    NumberMethods();
    FindResults();
    FindRanks();
    FindGoals();
    ReadConstants();
}

void SchemaIndex::NumberMethods()
{
    size_t count{0};
    for (const schema::Interface& interface : m_schema.Interfaces()) {
        m_first_method.push_back(count);
        count += interface.methods.size();
    }
    m_denied.resize(count);
    m_may_block.resize(count);
    m_capabilities.resize(count);
    m_data.resize(count);
    for (const MethodRef method : m_rules.denied) m_denied[Number(method)] = true;
    for (const MethodRef method : m_rules.may_block) m_may_block[Number(method)] = true;
}

void SchemaIndex::FindResults()
{
    for (uint32_t interface{0}; interface < m_schema.Interfaces().size(); ++interface) {
        for (const schema::Occurrence& producer : m_schema.Producers(interface)) {
            program::Path path{ToPath(producer.path)};
            const uint32_t results{m_schema.GetMethod(producer.method).results};
            const auto type{program::TypeAt(m_schema, results, path)};
            // The producers of an interface include those of derived interfaces. Take each result only once, for its
            // own interface.
            if (!type || *type != schema::Type{schema::Kind::INTERFACE, interface}) continue;
            m_capabilities[Number(producer.method)].push_back({interface, std::move(path)});
        }
    }
    for (const schema::DataFlow& flow : m_schema.DataFlows()) {
        for (const schema::Occurrence& producer : flow.producers) {
            m_data[Number(producer.method)].push_back({flow.type, flow.field, ToPath(producer.path)});
        }
    }
}

void SchemaIndex::FindRanks()
{
    m_rank.assign(m_schema.Interfaces().size(), UNREACHABLE);
    for (const uint32_t ancestor : m_schema.GetInterface(m_rules.main_interface).ancestors) m_rank[ancestor] = 0;
    // Every round finds the interfaces that are one call further away.
    for (bool changed{true}; changed;) {
        changed = false;
        for (uint32_t interface{0}; interface < m_rank.size(); ++interface) {
            for (const schema::Occurrence& producer : m_schema.Producers(interface)) {
                const uint32_t via{m_rank[producer.method.interface]};
                if (via == UNREACHABLE || Denied(producer.method) || via + 1 >= m_rank[interface]) continue;
                m_rank[interface] = via + 1;
                changed = true;
            }
        }
    }
}

void SchemaIndex::FindGoals()
{
    for (uint32_t interface{0}; interface < m_schema.Interfaces().size(); ++interface) {
        for (uint32_t i{0}; i < m_schema.GetInterface(interface).methods.size(); ++i) {
            const MethodRef method{interface, i};
            const bool wanted{m_rules.only.empty() || std::ranges::count(m_rules.only, method) > 0};
            if (!wanted || Denied(method) || Rank(interface) == UNREACHABLE) continue;
            unsigned percent{100};
            for (const domain::Domain& domain : m_domains) {
                if (domain.goal_percent) percent = std::min(percent, domain.goal_percent(m_schema, method));
            }
            if (percent > 0) m_goals.push_back({method, percent});
        }
    }
}

void SchemaIndex::ReadConstants()
{
    for (const schema::Constant& constant : m_schema.Constants()) {
        const char* const begin{constant.value.data()};
        const char* const end{begin + constant.value.size()};
        int64_t integer{0};
        double real{0};
        const bool is_float{constant.type.kind == schema::Kind::FLOAT32 || constant.type.kind == schema::Kind::FLOAT64};
        if (schema::IsInteger(constant.type.kind) && std::from_chars(begin, end, integer).ec == std::errc{}) {
            m_integers.push_back(integer);
        } else if (is_float && std::from_chars(begin, end, real).ec == std::errc{}) {
            m_floats.push_back(real);
        }
    }
}

} // namespace mpfuzz::generate
