#pragma once

#include <mpfuzz/base/rng.h>
#include <mpfuzz/program/program.h>
#include <mpfuzz/schema/schema.h>
#include <mpfuzz/trace/trace.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

//! The plug-in contract: what somebody who knows a protocol family adds to what the schema says.
namespace mpfuzz::domain {

//! A place that wants a value: a field of a struct that is an argument or part of one, or an element
//! of a list in such a field.
struct SourceContext {
    const schema::Schema& schema;
    schema::Type type;
    const schema::Struct& owner;          //!< struct that has the field
    std::string_view field;               //!< its name; of a list element, the list's field
    schema::MethodRef method;             //!< method whose arguments (or whose served results) are being made
    const program::CapabilityRef& target; //!< what is being called
};

//! What a value source may ask of the generator. Steps that it adds come before the call being made.
class Builder
{
public:
    virtual ~Builder() = default;

    //! The program so far, the call being made not included.
    virtual const program::Program& GetProgram() const = 0;

    //! Whether this program may break rules on purpose: null, foreign, released and mistaken
    //! capabilities belong only where it does.
    virtual bool Misbehaves() const = 0;

    //! Whether a method may rightly leave its call unanswered.
    virtual bool MayBlock(schema::MethodRef method) const = 0;

    //! References to live capabilities of an interface (or one that extends it), made on the
    //! connection that `like` belongs to, oldest first.
    virtual std::vector<program::CapabilityRef> Live(uint32_t interface, program::StepIndex like) const = 0;

    //! The same on other connections.
    virtual std::vector<program::CapabilityRef> Foreign(uint32_t interface, program::StepIndex like) const = 0;

    //! References that were live and have been dropped or whose connection has been closed.
    virtual std::vector<program::CapabilityRef> Released(uint32_t interface) const = 0;

    //! Objects of ours that Serve steps export, oldest first. They belong to no connection.
    virtual std::vector<program::CapabilityRef> Served(uint32_t interface) const = 0;

    //! A live capability on that connection, made by calling producers where there is none. Nothing
    //! where no producer is reachable or the program has grown to its limit.
    virtual std::optional<program::CapabilityRef> Obtain(uint32_t interface, program::StepIndex like) = 0;

    //! Call a method on a live capability, with arguments as the generator makes them, sources included.
    //! @return The call's step; nothing where the program has grown to its limit.
    virtual std::optional<program::StepIndex> AddCall(schema::MethodRef method,
                                                      const program::CapabilityRef& target) = 0;

    //! Add a step and return its index. Never refuses: look at Full first.
    virtual program::StepIndex Add(program::Step step) = 0;

    //! Whether the program has grown to its limit, so that no source should lengthen it further.
    virtual bool Full() const = 0;

    //! A value as the generator makes it without asking value sources for this slot itself; they are
    //! still asked for what is inside it.
    virtual program::Value Plain(const SourceContext& context, schema::Type type) = 0;

    //! Answers of earlier calls on that connection that hold data of this type under any of these
    //! field names (all names where the list is empty), latest last. Calls that may never be answered
    //! are left out: to refer to their data is to wait for them.
    virtual std::vector<program::DataRef> Answers(schema::Type type, const std::vector<std::string_view>& fields,
                                                  program::StepIndex like) const = 0;
};

//! Makes values for fields that a domain knows better than the schema does: one line of the domain's table.
struct ValueSource {
    std::string_view name; //!< for error texts and statistics
    bool (*fits)(const SourceContext& context);
    //! Returns a value of context.type. Takes all randomness from `rng`. Returns nullopt if it has no value this time:
    //! the generator then asks the next source that fits, and after the last one makes a plain value.
    std::optional<program::Value> (*make)(const SourceContext& context, Builder& builder, base::Rng& rng);
};

//! How often a method is a program's goal, in percent of the usual; 100 where there is nothing to say.
//! For methods after which little else works, such as `destroy`.
using GoalPercent = std::function<unsigned(const schema::Schema&, schema::MethodRef)>;

//! What answers of a correct server keep among each other, where only code can tell.
struct Postcondition {
    std::string name; //!< what it is about, such as `BlockTemplate.getBlock`: part of a finding's title
    //! What is wrong with a run, in words that are the same for every run with that fault: no values. Nothing where all
    //! is well, and where it cannot be told. A call's outcome is ANSWERED only where the answer counts: see observe.
    std::function<std::optional<std::string>(const schema::Schema&, const program::Program&, const trace::Trace&)>
        judge;
};

//! One plug-in. The generator asks its sources in this order.
struct Domain {
    std::string name;
    std::vector<ValueSource> sources;
    GoalPercent goal_percent; //!< may be empty
    std::vector<Postcondition> postconditions;
};

} // namespace mpfuzz::domain
