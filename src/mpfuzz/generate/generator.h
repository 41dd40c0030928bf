#pragma once

#include <mpfuzz/base/rng.h>
#include <mpfuzz/domain/domain.h>
#include <mpfuzz/generate/program_builder.h>
#include <mpfuzz/generate/rules.h>
#include <mpfuzz/generate/schema_index.h>
#include <mpfuzz/program/program.h>

#include <optional>
#include <span>

namespace mpfuzz::generate {

//! Makes programs out of a schema, rules and what domains know.
//!
//! The stream of programs is a pure function of schema, rules, domains and the Rng's seed: the next one
//! also depends on which methods this generator has called so far, because it aims at the least called.
//!
//! About three programs in four keep the rules: they use capabilities where they belong and as long as
//! they live. The others use null, foreign, released and mistaken ones on purpose, enums out of range,
//! text that is not UTF-8, and connections closed at odd times.
class Generator
{
public:
    //! Borrows the schema and the domains. CHECK fails where a rule's index is not in the schema.
    Generator(const schema::Schema& schema, Rules rules, std::span<const domain::Domain> domains);
    Generator(const Generator&) = delete;
    Generator& operator=(const Generator&) = delete;

    //! What the generator aims at: without any goal, programs only connect. Worth a word to the user.
    const std::vector<Goal>& Goals() const { return m_schema_index.Goals(); }

    //! A whole program; valid.
    program::Program Generate(base::Rng& rng);

    //! Lengthen a valid program by one call and what it needs, in front of step `position`.
    //!
    //! @return Number of steps inserted; 0 where there is no room or no open connection. Nothing that
    //!         follows is changed, but for its references. Cost: a few passes over the program.
    size_t InsertGoal(program::Program& program, program::StepIndex position, base::Rng& rng);

    //! A new value for a slot of the call at step `call`. What the value needs is inserted in front of the
    //! call, and `call` moved accordingly; the call itself is left as it is.
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
