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
//! The programs depend only on the schema, rules, domains and the seed of the Rng. The generator counts how often each
//! method was called in all programs so far, and prefers the methods that were called least.
//!
//! About three of four programs obey the rules: they use live capabilities of the right interface and connection. The
//! others misbehave on purpose. They use capabilities that are null, released, or of another interface or connection,
//! enums out of range, and text that is not UTF-8. They also close connections while calls are pending.
class Generator
{
public:
    //! The schema and the domains must outlive the generator. CHECK fails if the main interface is not in the schema.
    Generator(const schema::Schema& schema, program::TargetRules rules, std::span<const domain::Domain> domains);
    Generator(const Generator&) = delete;
    Generator& operator=(const Generator&) = delete;

    //! The methods that the generator tries to call. If there are none, its programs only connect: warn the user.
    const std::vector<Goal>& Goals() const { return m_schema_index.Goals(); }

    //! Makes a valid program.
    program::Program Generate(base::Rng& rng);

    //! Inserts a call, and the steps that it needs, before step `position` of a valid program. Later steps are not
    //! changed, except for the step numbers in their references.
    //!
    //! @return Number of steps inserted; 0 if the program is full, or if no connection is open at that position. Cost:
    //! a few passes over the program.
    size_t InsertGoal(program::Program& program, program::StepIndex position, base::Rng& rng);

    //! Makes a new value for a field of the call at step `call`. Inserts the steps that the value needs before the
    //! call, and sets `call` to the call's new index. Does not put the value into the call.
    program::Value MakeValueFor(program::Program& program, program::StepIndex& call,
                                const domain::SourceContext& source_context, base::Rng& rng);

private:
    std::optional<program::StepIndex> AddGoal(ProgramBuilder& builder, schema::MethodRef method,
                                              program::StepIndex connection);
    std::optional<schema::MethodRef> PickGoal(base::Rng& rng) const;
    std::optional<program::CapabilityRef> PickTarget(ProgramBuilder& builder, uint32_t interface,
                                                     program::StepIndex connection);
    bool ShouldMisbehave(base::Rng& rng) const { return rng.Percent(m_schema_index.GetRules().misbehaving_percent); }

    SchemaIndex m_schema_index;
    CallCounts m_counts;
};

} // namespace mpfuzz::generate
