#pragma once

#include <mpfuzz/generate/schema_index.h>
#include <mpfuzz/program/program.h>

#include <optional>
#include <vector>

namespace mpfuzz::generate {

//! One capability that a program's steps have made so far.
struct Item {
    program::CapabilityRef ref;
    uint32_t interface = 0;
    std::optional<program::StepIndex> connection; //!< none: an object of ours
    bool live{true};                              //!< not dropped, canceled, or cut off with its connection
};

//! What a program has at hand after its last step: connections, capabilities, and which calls may
//! leave others waiting. Kept up to date step by step.
class Inventory
{
public:
    explicit Inventory(const SchemaIndex& schema_index) : m_schema_index{schema_index} {}

    //! Take note of the program's step `index`; steps are noted once each, in order.
    void Note(const program::Program& program, program::StepIndex index);

    const std::vector<Item>& Items() const { return m_items; }
    //! Connections that are open, oldest first.
    const std::vector<program::StepIndex>& Open() const { return m_open; }
    //! Connection of a Connect, Bootstrap or Call; nothing for other steps.
    std::optional<program::StepIndex> Connection(program::StepIndex step) const { return m_connection.at(step); }
    //! Whether a call may rightly never be answered: because its method may block, it needs the answer
    //! of a call that may, or it shares a capability (such as a thread) with one.
    bool MayHang(program::StepIndex step) const { return m_may_hang.at(step); }
    bool Canceled(program::StepIndex step) const { return m_canceled.at(step); }

private:
    void NoteCall(const program::Call& call, program::StepIndex index);
    void NoteReferences(const program::Program& program, program::StepIndex index);
    void Release(const program::CapabilityRef& ref);

    const SchemaIndex& m_schema_index;
    std::vector<Item> m_items;
    std::vector<program::StepIndex> m_open;
    std::vector<std::optional<program::StepIndex>> m_connection;
    std::vector<bool> m_may_hang, m_canceled;
    std::vector<program::CapabilityRef> m_busy; //!< arguments of calls that may block
};

} // namespace mpfuzz::generate
