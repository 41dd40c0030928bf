#pragma once

#include <mpfuzz/domain/domain.h>
#include <mpfuzz/generate/schema_index.h>
#include <mpfuzz/generate/values.h>
#include <mpfuzz/program/program.h>

#include <functional>
#include <optional>
#include <vector>

namespace mpfuzz::generate {

//! A capability that a step of the program returned or served.
struct Item {
    program::CapabilityRef ref;
    uint32_t interface {
        0
    };
    std::optional<program::StepIndex> connection; //!< nullopt for an object that we serve
    bool live{true}; //!< false if it was dropped, its call was cancelled, or its connection is closed
};

//! What a program has after its last step: its open connections, its capabilities, and which of its calls may stay
//! unanswered. Note() updates it for each new step.
class Inventory
{
public:
    explicit Inventory(const SchemaIndex& schema_index) : m_schema_index{schema_index} {}

    //! Adds the program's step `index`. Call it once for each step, in order.
    void Note(const program::Program& program, program::StepIndex index);

    const std::vector<Item>& Items() const { return m_items; }
    //! Connections that are open, oldest first.
    const std::vector<program::StepIndex>& Open() const { return m_open; }
    //! Connection of a Connect, Bootstrap or Call. Returns nullopt for other steps.
    std::optional<program::StepIndex> Connection(program::StepIndex step) const { return m_connection.at(step); }
    //! True for a call that a correct server may leave unanswered. Either its method may block, or it needs the answer
    //! of such a call, or it uses the same capability (such as a thread) as a call that may block.
    bool MayHang(program::StepIndex step) const { return m_may_hang.at(step); }
    bool Cancelled(program::StepIndex step) const { return m_cancelled.at(step); }

private:
    void NoteCall(const program::Call& call, program::StepIndex index);
    void Release(const program::CapabilityRef& ref);

    const SchemaIndex& m_schema_index;
    std::vector<Item> m_items;
    std::vector<program::StepIndex> m_open;
    std::vector<std::optional<program::StepIndex>> m_connection;
    std::vector<bool> m_may_hang, m_cancelled;
    std::vector<program::CapabilityRef> m_busy; //!< arguments of calls that may block
};

//! How many calls of each method were made. The index is SchemaIndex::Number.
using CallCounts = std::vector<uint64_t>;

//! The program that the generator is building: steps are added at its end. Value sources use it as a domain::Builder.
class ProgramBuilder final : public domain::Builder
{
public:
    //! @param program     The first steps; a valid program, or empty.
    //! @param misbehaves  True if the program may break rules on purpose.
    //! @param counts      Increased for every call that is added.
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

    //! Opens a connection and asks it for its main interface. @return The Bootstrap step.
    program::StepIndex Open();
    //! Like Obtain(), but adds calls even if the program already has such a capability.
    std::optional<program::CapabilityRef> Produce(uint32_t interface, program::StepIndex like);
    //! Live capabilities on the connection of step `like` that are not of this interface, oldest first.
    std::vector<program::CapabilityRef> OfOtherInterface(uint32_t interface, program::StepIndex like) const;

    const SchemaIndex& GetSchemaIndex() const { return m_schema_index; }
    const Inventory& GetInventory() const { return m_inventory; }
    base::Rng& GetRng() { return m_rng; }
    //! How much may still be added to the arguments of the call that is being made.
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
    unsigned m_depth{0}; //!< how many unfinished calls there are; each one is made for the one before
};

} // namespace mpfuzz::generate
