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

//! The plug-in interface: somebody who knows a family of protocols describes here what a schema does not say.
namespace mpfuzz::domain {

//! Describes a value that the generator has to make: a field of a struct that is an argument or part of one, or an
//! element of a list in such a field.
struct SourceContext {
    const schema::Schema& schema;
    schema::Type type;
    const schema::Struct& owner;          //!< struct that has the field
    std::string_view field;               //!< name of the field; for a list element, of the field with the list
    schema::MethodRef method;             //!< the value belongs to its arguments, or to results that we serve for it
    const program::CapabilityRef& target; //!< the object that is called
};

//! What a value source may ask of the generator. Added steps come before the call whose arguments are being made.
class Builder
{
public:
    virtual ~Builder() = default;

    //! The program so far, without the call whose arguments are being made.
    virtual const program::Program& GetProgram() const = 0;

    //! True if this program may break rules on purpose. Only then use capabilities that are null, released, of another
    //! connection or of a wrong type.
    virtual bool Misbehaves() const = 0;

    //! True if a correct server may leave a call of this method unanswered.
    virtual bool MayBlock(schema::MethodRef method) const = 0;

    //! References to live capabilities of an interface (or one that extends it) on the connection of step `like`,
    //! oldest first.
    virtual std::vector<program::CapabilityRef> Live(uint32_t interface, program::StepIndex like) const = 0;

    //! The same on other connections.
    virtual std::vector<program::CapabilityRef> Foreign(uint32_t interface, program::StepIndex like) const = 0;

    //! References that have been dropped, or whose connection has been closed.
    virtual std::vector<program::CapabilityRef> Released(uint32_t interface) const = 0;

    //! Objects that Serve steps export, oldest first. They belong to no connection.
    virtual std::vector<program::CapabilityRef> Served(uint32_t interface) const = 0;

    //! A live capability on that connection. Adds calls of methods that produce one if there is none. Returns nullopt
    //! if no such method can be called, or the program is full.
    virtual std::optional<program::CapabilityRef> Obtain(uint32_t interface, program::StepIndex like) = 0;

    //! Call a method on a live capability, with arguments from value sources and the generator.
    //! @return The call's step; nullopt if the program is full.
    virtual std::optional<program::StepIndex> AddCall(schema::MethodRef method,
                                                      const program::CapabilityRef& target) = 0;

    //! Add a step and return its index. Also works if the program is full: check Full first.
    virtual program::StepIndex Add(program::Step step) = 0;

    //! True if the program has reached its maximum length. A source should then add no more steps.
    virtual bool Full() const = 0;

    //! A value made by the generator without value sources. Values inside it may come from them.
    virtual program::Value Plain(const SourceContext& context, schema::Type type) = 0;

    //! References to data of this type in answers of earlier calls on that connection, latest last: in fields with one
    //! of these names, or in any field if the list is empty. Leaves out calls that may stay unanswered, because a
    //! reference to their data would wait for them.
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

//! How often a program is built to call this method, in percent of the usual frequency. Use less than 100 for methods
//! after which few other calls work, such as `destroy`.
using GoalPercent = std::function<unsigned(const schema::Schema&, schema::MethodRef)>;

//! A rule that the answers of a correct server obey, and that a target file cannot express.
struct Postcondition {
    std::string name; //!< its subject, such as `BlockTemplate.getBlock`; part of a finding's title
    //! Returns what is wrong with a run. The text contains no values, so that it is the same for every run with that
    //! fault. Returns nullopt if nothing is wrong, or if the run does not tell. A call's outcome is ANSWERED only if
    //! its answer is to be judged: see observe.
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
