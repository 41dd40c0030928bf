#pragma once

#include <mpfuzz/domain/domain.h>
#include <mpfuzz/generate/rules.h>
#include <mpfuzz/program/program.h>
#include <mpfuzz/schema/schema.h>

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

namespace mpfuzz::generate {

//! A capability that a method's answer holds.
struct Yield {
    uint32_t interface = 0;
    program::Path path; //!< of a list, its first element
};

//! Data that a method's answer holds.
struct DataYield {
    schema::Type type;
    std::string_view field; //!< innermost field on the path
    program::Path path;     //!< of a list, its first element
};

//! A method that programs may aim at.
struct Goal {
    schema::MethodRef method;
    unsigned percent{100}; //!< how often, against the usual
};

//! What schema, rules and domains say once and for all: where capabilities and data come from.
//! Immutable. Methods are counted through: interface by interface, method by method.
class SchemaIndex
{
public:
    //! Borrows the schema and the domains.
    SchemaIndex(const schema::Schema& schema, Rules rules, std::span<const domain::Domain> domains);

    const schema::Schema& GetSchema() const { return m_schema; }
    const Rules& GetRules() const { return m_rules; }
    std::span<const domain::Domain> Domains() const { return m_domains; }

    size_t MethodCount() const { return m_capabilities.size(); }
    //! Position of a method in the count through all methods.
    size_t Number(schema::MethodRef method) const { return m_first_method.at(method.interface) + method.method; }

    bool Denied(schema::MethodRef method) const { return m_denied[Number(method)]; }
    bool MayBlock(schema::MethodRef method) const { return m_may_block[Number(method)]; }

    //! Least number of calls on other objects that it takes to get a capability of this interface from
    //! a fresh connection: 0 for the main interface. UNREACHABLE where no server hands one out, as with
    //! callbacks.
    uint32_t Rank(uint32_t interface) const { return m_rank.at(interface); }
    static constexpr uint32_t UNREACHABLE{std::numeric_limits<uint32_t>::max()};

    const std::vector<Yield>& Capabilities(schema::MethodRef method) const { return m_capabilities[Number(method)]; }
    const std::vector<DataYield>& Data(schema::MethodRef method) const { return m_data[Number(method)]; }

    //! Methods of reachable interfaces that are not denied, and among `only` where that is given.
    const std::vector<Goal>& Goals() const { return m_goals; }

    //! Values of the schema's integer and float constants.
    const std::vector<int64_t>& IntegerConstants() const { return m_integers; }
    const std::vector<double>& FloatConstants() const { return m_floats; }

private:
    void NumberMethods();
    void FindMutatorStatistics();
    void FindRanks();
    void FindGoals();
    void ReadConstants();

    const schema::Schema& m_schema;
    Rules m_rules;
    std::span<const domain::Domain> m_domains;
    std::vector<size_t> m_first_method; //!< by interface
    std::vector<bool> m_denied, m_may_block;
    std::vector<uint32_t> m_rank; //!< by interface
    std::vector<std::vector<Yield>> m_capabilities;
    std::vector<std::vector<DataYield>> m_data;
    std::vector<Goal> m_goals;
    std::vector<int64_t> m_integers;
    std::vector<double> m_floats;
};

} // namespace mpfuzz::generate
