#pragma once

#include <mpfuzz/base/rng.h>
#include <mpfuzz/domain/domain.h>
#include <mpfuzz/generate/program_builder.h>
#include <mpfuzz/generate/schema_index.h>
#include <mpfuzz/program/program.h>
#include <mpfuzz/program/target_rules.h>

#include <optional>
#include <span>

namespace mpfuzz::generate {

//! Makes programs from a schema, rules and domains.
//!
//! The sequence of programs depends only on the schema, rules, domains and the Rng's seed. The generator counts the
//! calls of each method so far and prefers the methods that were called least.
//!
//! About three programs in four keep the rules: they use live capabilities of the right interface and connection. The
//! others misbehave on purpose: they use null, released capabilities, those of another interface or connection, enums
//! out of range and text that is not UTF-8, and close connections too early.
class Generator
{
public:
    //! Borrows the schema and the domains. CHECK fails if a rule's index is not in the schema.
    Generator(const schema::Schema& schema, program::TargetRules rules, std::span<const domain::Domain> domains);
    Generator(const Generator&) = delete;
    Generator& operator=(const Generator&) = delete;

    //! The methods that the generator tries to call. If there are none, programs only connect; the user should know.
    const std::vector<Goal>& Goals() const { return m_schema_index.Goals(); }

    //! Makes a valid program.
    program::Program Generate(base::Rng& rng);

    //! Inserts a call, and the steps that it needs, in front of step `position` of a valid program. Only the references
    //! of later steps change.
    //!
    //! @return Number of steps inserted: 0 if there is no room or no open connection. Cost: a few passes over the
    //! program.
    size_t InsertGoal(program::Program& program, program::StepIndex position, base::Rng& rng);

    //! Makes a new value for a field of the call at step `call`. Steps that the value needs are inserted in front of
    //! the call, and `call` is increased accordingly. The call itself does not change.
    program::Value MakeValueFor(program::Program& program, program::StepIndex& call,
                                const domain::SourceContext& source_context, base::Rng& rng);

private:
    std::optional<program::StepIndex> Reach(ProgramBuilder& builder, schema::MethodRef method,
                                            program::StepIndex connection);
    std::optional<schema::MethodRef> PickGoal(base::Rng& rng) const;
    std::optional<program::CapabilityRef> PickTarget(ProgramBuilder& builder, uint32_t interface,
                                                     program::StepIndex connection);
    bool RollMisbehaves(base::Rng& rng) const { return rng.Percent(m_schema_index.GetRules().misbehaving_percent); }

    SchemaIndex m_schema_index;
    CallCounts m_counts;
};

} // namespace mpfuzz::generate
