#pragma once

#include <mpfuzz/program/program.h>

#include <string>

namespace mpfuzz::program {

//! Checks the values, references and served objects of one step. At the first error, a method returns false, and
//! Fault() returns the error. After that, no other method may be called.
class ValueValidator
{
public:
    //! @param step  Index of the step being checked: references must name earlier ones.
    ValueValidator(const schema::Schema& schema, const Program& program, StepIndex step)
        : m_schema{schema}, m_program{program}, m_step{step}
    {
    }

    bool CheckStruct(uint32_t struct_index, const std::vector<FieldValue>& fields);
    bool CheckServed(const ServedObject& object);
    bool CheckCapability(const CapabilityRef& ref);
    bool CheckMethod(schema::MethodRef method);

    //! From now on, a capability is an error. Used for a Message, which describes capabilities in its capTable.
    void RefuseCapabilities() { m_refuse_capabilities = true; }

    //! The earlier step that a reference names. Returns null if it is not an earlier step of type T.
    template<typename T>
    const T* Earlier(StepIndex step, std::string_view expected)
    {
        const T* found{step < m_step ? std::get_if<T>(&m_program.steps[step]) : nullptr};
        if (!found) Fail("step " + std::to_string(step) + " is not an earlier " + std::string{expected});
        return found;
    }

    bool Fail(std::string fault);
    std::string Fault() && { return std::move(m_fault); }

private:
    bool CheckValue(schema::Type type, const Value& value, bool in_list);
    bool CheckContent(schema::Type type, const Value& value, bool in_list);
    bool CheckScalar(schema::Type type, const Value& value);
    bool CheckInteger(schema::Kind kind, const Value& value);
    bool CheckList(schema::Type type, const ListValue& list);
    bool CheckRepeat(schema::Type type, const RepeatValue& repeat);
    bool CheckAny(schema::Type type, const AnyValue& any);
    bool CheckData(schema::Type type, const DataRef& ref);
    bool CheckReaction(uint32_t interface, const Reaction& reaction);
    bool CheckUnused(const Reaction& reaction);
    bool CheckCallback(const Reaction& reaction);
    bool AddWords(uint64_t words);

    const schema::Schema& m_schema;
    const Program& m_program;
    const StepIndex m_step;
    bool m_refuse_capabilities{false};
    size_t m_depth{0};
    uint64_t m_repeats{1}; //!< product of the repeat counts around the current value
    uint64_t m_words{0};
    std::string m_fault;
};

} // namespace mpfuzz::program
