#pragma once

#include <mpfuzz/domain/domain.h>
#include <mpfuzz/generate/inventory.h>
#include <mpfuzz/generate/schema_index.h>
#include <mpfuzz/generate/values.h>

#include <functional>
#include <optional>
#include <vector>

namespace mpfuzz::generate {

//! How many calls of each method have been made, by SchemaIndex::Number.
using CallCounts = std::vector<uint64_t>;

//! A program that is being lengthened at its end: what value sources see of the generator.
class ProgramBuilder final : public domain::Builder
{
public:
    //! @param program     Valid; taken over as the beginning.
    //! @param misbehaves  Whether it may break rules on purpose.
    //! @param counts      Counted up for every call that is added.
    ProgramBuilder(const SchemaIndex& schema_index, program::Program program, bool misbehaves, CallCounts& counts,
                   base::Rng& rng);

    const program::Program& GetProgram() const override { return m_program; }
    bool Misbehaves() const override { return m_misbehaves; }
    bool MayBlock(schema::MethodRef method) const override { return m_schema_index.MayBlock(method); }
    std::vector<program::CapabilityRef> Live(uint32_t interface, program::StepIndex like) const override;
    std::vector<program::CapabilityRef> Foreign(uint32_t interface, program::StepIndex like) const override;
    std::vector<program::CapabilityRef> Released(uint32_t interface) const override;
    std::vector<program::CapabilityRef> Served(uint32_t interface) const override;
    std::optional<program::CapabilityRef> Obtain(uint32_t interface, program::StepIndex like) override;
    std::optional<program::StepIndex> AddCall(schema::MethodRef method, const program::CapabilityRef& target) override;
    program::StepIndex Add(program::Step step) override;
    bool Full() const override { return m_program.steps.size() >= m_schema_index.GetRules().max_steps; }
    program::Value Plain(const domain::SourceContext& source_context, schema::Type type) override;
    std::vector<program::DataRef> Answers(schema::Type type, const std::vector<std::string_view>& fields,
                                          program::StepIndex like) const override;

    //! Open a connection and ask it for its main interface. @return The Bootstrap step.
    program::StepIndex Open();
    //! Obtain, but by a fresh call where a producer is at hand.
    std::optional<program::CapabilityRef> Produce(uint32_t interface, program::StepIndex like);
    //! Live capabilities on that connection that are not of this interface, oldest first.
    std::vector<program::CapabilityRef> Mistaken(uint32_t interface, program::StepIndex like) const;

    const SchemaIndex& GetSchemaIndex() const { return m_schema_index; }
    const Inventory& GetInventory() const { return m_inventory; }
    base::Rng& GetRng() { return m_rng; }
    //! What the call that is being made may still hold.
    Budget& GetBudget() { return m_budget; }
    program::Program Take() && { return std::move(m_program); }

private:
    using Wanted = std::function<bool(const Item&)>;
    std::vector<program::CapabilityRef> Select(uint32_t interface, const Wanted& wanted) const;
    std::optional<schema::MethodRef> PickProducer(uint32_t interface);

    const SchemaIndex& m_schema_index;
    program::Program m_program;
    Inventory m_inventory;
    bool m_misbehaves;
    CallCounts& m_counts;
    base::Rng& m_rng;
    Budget m_budget;
    unsigned m_depth{0}; //!< producers being called for other producers
};

} // namespace mpfuzz::generate
