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

//! The plug-in interface. A domain adds knowledge that is not in the schema: which values a field needs, and which
//! rules the answers must obey.
namespace mpfuzz::domain {

//! Describes a value that the generator has to make: a field of a struct that is an argument or part of one, or an
//! element of a list in such a field.
struct SourceContext {
    const schema::Schema& schema;
    schema::Type type;
    const schema::Struct& owner;          //!< struct that has the field
    std::string_view field;               //!< name of the field; for a list element, of the field with the list
    schema::MethodRef method;             //!< the value is in its arguments, or in its results if we serve the object
    const program::CapabilityRef& target; //!< the object that is called
};

//! The functions of the generator that a value source may call. Steps that a source adds come before the call whose
//! arguments are being made.
class Builder
{
public:
    virtual ~Builder() = default;

    //! The program so far, without the call whose arguments are being made.
    virtual const program::Program& GetProgram() const = 0;

    //! True if this program may break rules on purpose. If it is false, do not use capabilities that are null,
    //! released, of another connection or of a wrong type.
    virtual bool Misbehaves() const = 0;

    //! True if a correct server may leave a call of this method unanswered.
    virtual bool MayBlock(schema::MethodRef method) const = 0;

    //! References to live capabilities of an interface (or one that extends it) on the connection of step `like`,
    //! oldest first.
    virtual std::vector<program::CapabilityRef> Live(uint32_t interface, program::StepIndex like) const = 0;

    //! References to live capabilities of an interface on all other connections, oldest first.
    virtual std::vector<program::CapabilityRef> Foreign(uint32_t interface, program::StepIndex like) const = 0;

    //! References to capabilities of an interface that were dropped, whose call was cancelled, or whose connection is
    //! closed. Oldest first.
    virtual std::vector<program::CapabilityRef> Released(uint32_t interface) const = 0;

    //! Objects that Serve steps export, oldest first. They belong to no connection.
    virtual std::vector<program::CapabilityRef> Served(uint32_t interface) const = 0;

    //! A live capability on the connection of step `like`. If there is none, adds calls of methods that return one.
    //! Returns nullopt if no such method can be called, or if the program is full.
    virtual std::optional<program::CapabilityRef> Obtain(uint32_t interface, program::StepIndex like) = 0;

    //! Call a method on a live capability, with arguments from value sources and the generator.
    //! @return The step of the call; nullopt if the program is full, or if too many calls are being made for each
    //! other.
    virtual std::optional<program::StepIndex> AddCall(schema::MethodRef method,
                                                      const program::CapabilityRef& target) = 0;

    //! Add a step and return its index. It does this even if the program is full, so call Full() first.
    virtual program::StepIndex Add(program::Step step) = 0;

    //! True if the program has its maximum length. A value source should then add no more steps.
    virtual bool Full() const = 0;

    //! A value that the generator makes without asking value sources. For values inside it, the generator does ask
    //! them.
    virtual program::Value Plain(const SourceContext& context, schema::Type type) = 0;

    //! References to data of this type in the answers of earlier calls on the connection of step `like`, oldest first.
    //! Only fields with one of these names; all fields if `fields` is empty. Leaves out calls that may stay unanswered:
    //! a call that uses their data would wait for them.
    virtual std::vector<program::DataRef> Answers(schema::Type type, const std::vector<std::string_view>& fields,
                                                  program::StepIndex like) const = 0;
};

//! Makes better values for some fields than the schema alone allows. A domain has a table of value sources.
struct ValueSource {
    std::string_view name; //!< for error texts and statistics
    bool (*fits)(const SourceContext& context);
    //! Returns a value of context.type. All random choices come from `rng`. Returns nullopt if it has no value this
    //! time: the generator then asks the next source that fits. If no source has a value, it makes a plain value.
    std::optional<program::Value> (*make)(const SourceContext& context, Builder& builder, base::Rng& rng);
};

//! How often the generator tries to call this method, in percent of the usual frequency. Use less than 100 for a method
//! after which few other calls succeed, such as `destroy`.
using GoalPercent = std::function<unsigned(const schema::Schema&, schema::MethodRef)>;

//! What is wrong with a run.
struct Fault {
    std::string text;                      //!< contains no values of the run, so that the same fault has the same text
    std::vector<program::StepIndex> calls; //!< those whose arguments and answers contradict each other
    std::string values{};                  //!< values that were computed from them; may be empty
};

//! A rule for the answers of a correct server, if it cannot be written in target.toml.
struct Postcondition {
    std::string name; //!< what the rule is about, such as `BlockTemplate.getBlock`; part of a finding's title
    //! Returns nullopt if nothing is wrong with a run, or if the run does not show it. The outcome of a call is
    //! ANSWERED only if its answer is to be judged: see observe.
    std::function<std::optional<Fault>(const schema::Schema&, const program::Program&, const trace::Trace&)> judge;
};

//! One plug-in. The generator asks its sources in this order.
struct Domain {
    std::string name;
    std::vector<ValueSource> sources;
    GoalPercent goal_percent; //!< may be empty
    std::vector<Postcondition> postconditions;
};

} // namespace mpfuzz::domain
