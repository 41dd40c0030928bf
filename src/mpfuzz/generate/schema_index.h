#pragma once

#include <mpfuzz/domain/domain.h>
#include <mpfuzz/program/program.h>
#include <mpfuzz/program/target_rules.h>
#include <mpfuzz/schema/schema.h>

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

namespace mpfuzz::generate {

//! A capability in a method's answer.
struct CapabilityResult {
    uint32_t interface {
        0
    };
    program::Path path; //!< if it is in a list, the path of the first element
};

//! Data in a method's answer.
struct DataResult {
    schema::Type type;
    std::string_view field; //!< name of the innermost field on the path
    program::Path path;     //!< if it is in a list, the path of the first element
};

//! A method that the generator tries to call.
struct Goal {
    schema::MethodRef method;
    unsigned percent{100}; //!< how often, in percent of the usual
};

//! Facts about the schema, rules and domains that the generator needs for every program: which methods return which
//! capabilities and data, and which methods to call. Immutable. All methods have a number, in the order of the schema.
class SchemaIndex
{
public:
    //! The schema and the domains must outlive this object.
    SchemaIndex(const schema::Schema& schema, program::TargetRules rules, std::span<const domain::Domain> domains);

    const schema::Schema& GetSchema() const { return m_schema; }
    const program::TargetRules& GetRules() const { return m_rules; }
    std::span<const domain::Domain> Domains() const { return m_domains; }

    size_t MethodCount() const { return m_capabilities.size(); }
    //! Number of a method, in [0, MethodCount()).
    size_t Number(schema::MethodRef method) const { return m_first_method.at(method.interface) + method.method; }

    bool Denied(schema::MethodRef method) const { return m_denied[Number(method)]; }
    bool MayBlock(schema::MethodRef method) const { return m_may_block[Number(method)]; }

    //! How many calls it takes at least to get a capability of this interface on a new connection; 0 for the main
    //! interface. UNREACHABLE if no allowed calls lead to one, such as for a callback interface.
    uint32_t Rank(uint32_t interface) const { return m_rank.at(interface); }
    static constexpr uint32_t UNREACHABLE{std::numeric_limits<uint32_t>::max()};

    const std::vector<CapabilityResult>& Capabilities(schema::MethodRef method) const
    {
        return m_capabilities[Number(method)];
    }
    const std::vector<DataResult>& Data(schema::MethodRef method) const { return m_data[Number(method)]; }

    //! The methods to call: those of reachable interfaces, without denied ones. If program::TargetRules::only is not
    //! empty, only methods in it.
    const std::vector<Goal>& Goals() const { return m_goals; }

    //! Values of the schema's integer and float constants.
    const std::vector<int64_t>& IntegerConstants() const { return m_integers; }
    const std::vector<double>& FloatConstants() const { return m_floats; }

private:
    void NumberMethods();
    void FindResults();
    void FindRanks();
    void FindGoals();
    void ReadConstants();

    const schema::Schema& m_schema;
    program::TargetRules m_rules;
    std::span<const domain::Domain> m_domains;
    std::vector<size_t> m_first_method; //!< by interface
    std::vector<bool> m_denied, m_may_block;
    std::vector<uint32_t> m_rank; //!< by interface
    std::vector<std::vector<CapabilityResult>> m_capabilities;
    std::vector<std::vector<DataResult>> m_data;
    std::vector<Goal> m_goals;
    std::vector<int64_t> m_integers;
    std::vector<double> m_floats;
};

} // namespace mpfuzz::generate
