#pragma once

#include <mpfuzz/base/rng.h>
#include <mpfuzz/program/program.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

//! The plug-in contract: what somebody who knows a protocol family adds to what the schema says.
namespace mpfuzz::domain {

//! A place that wants a value: a field of a struct that is an argument or part of one.
struct Slot {
    const schema::Schema& schema; 
    schema::Type type;
    const schema::Struct& owner;        //!< struct that has the field
    std::string_view field;             //!< its name; of a list element, the list's field
    const schema::Method& method;       //!< method whose arguments are being made
    program::StepIndex target{0};       //!< step that the call's target comes from
};

//! What a value source may ask of the generator. Steps that it adds come before the call being made.
class Builder
{
public:
    virtual ~Builder() = default;

    //! The program so far, the call being made not included.
    virtual const program::Program& Soil() const = 0;

    //! References to live capabilities of an interface (or one that extends it), made on the
    //! connection that `like` belongs to, oldest first.
    virtual std::vector<program::CapabilityRef> Live(uint32_t interface, program::StepIndex like) const = 0;

    //! The same on other connections.
    virtual std::vector<program::CapabilityRef> Foreign(uint32_t interface, program::StepIndex like) const = 0;

    //! References that were live and have been dropped or whose connection has been closed.
    virtual std::vector<program::CapabilityRef> Released(uint32_t interface) const = 0;

    //! A live capability on that connection, made by calling producers where there is none. Nothing
    //! where no producer is reachable or the program has grown to its limit.
    virtual std::optional<program::CapabilityRef> Obtain(uint32_t interface, program::StepIndex like) = 0;

    //! Add a step and return its index.
    virtual program::StepIndex Add(program::Step step) = 0;

    //! A value as the generator makes it without value sources.
    virtual program::Value Plain(const Slot& slot, schema::Type type) = 0;

    //! Answers of earlier calls on that connection that hold data of this type under any of these
    //! field names (all names where the list is empty), latest last.
    virtual std::vector<program::DataRef> Answers(schema::Type type, const std::vector<std::string_view>& fields,
                                                  program::StepIndex like) const = 0;
};

//! Makes values for the slots that it knows better than the schema does.
class ValueSource
{
public:
    virtual ~ValueSource() = default;
    virtual std::string_view Name() const = 0;
    virtual bool Fits(const Slot& slot) const = 0;
    //! A value of slot.type. Takes all randomness from `rng`. Nothing where it has no idea this time:
    //! the generator then makes a plain one.
    virtual std::optional<program::Value> Make(const Slot& slot, Builder& builder, base::Rng& rng) const = 0;
};

//! One plug-in: its sources in order of precedence.
struct Domain {
    std::string name;
    std::vector<std::unique_ptr<const ValueSource>> sources;
};

} // namespace mpfuzz::domain
