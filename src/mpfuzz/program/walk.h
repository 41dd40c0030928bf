#pragma once

#include <mpfuzz/program/program.h>

#include <type_traits>

//! Depth-first visits of the values in a step. A visitor may change what it is given; what stands
//! there afterwards is then entered.
namespace mpfuzz::program {

template<typename Visit>
void WalkValue(Value& value, const Visit& visit);

template<typename Visit>
void WalkFields(std::vector<FieldValue>& fields, const Visit& visit)
{
    for (FieldValue& field : fields) WalkValue(field.value, visit);
}

template<typename Visit>
void WalkServed(ServedObject& object, const Visit& visit)
{
    visit(object);
    for (Reaction& reaction : object.reactions) WalkFields(reaction.results, visit);
}

//! Calls visit(CapabilityRef&), visit(DataRef&) and visit(ServedObject&) for each of them.
template<typename Visit>
void WalkValue(Value& value, const Visit& visit)
{
    const auto enter{[&visit](auto& content) {
        using T = std::remove_reference_t<decltype(content)>;
        if constexpr (std::is_same_v<T, CapabilityRef> || std::is_same_v<T, DataRef>) {
            visit(content);
        } else if constexpr (std::is_same_v<T, ListValue>) {
            for (Value& element : content.elements) WalkValue(element, visit);
        } else if constexpr (std::is_same_v<T, RepeatValue>) {
            for (Value& element : content.element) WalkValue(element, visit);
        } else if constexpr (std::is_same_v<T, AnyValue>) {
            for (Value& inner : content.value) WalkValue(inner, visit);
        } else if constexpr (std::is_same_v<T, StructValue>) {
            WalkFields(content.fields, visit);
        } else if constexpr (std::is_same_v<T, ServedObject>) {
            WalkServed(content, visit);
        }
    }};
    std::visit(enter, value.content);
}

//! The values of a step; not its target or connection.
template<typename Visit>
void WalkStep(Step& step, const Visit& visit)
{
    if (auto* call{std::get_if<Call>(&step)}) WalkFields(call->arguments.fields, visit);
    if (auto* serve{std::get_if<Serve>(&step)}) WalkServed(serve->object, visit);
    if (auto* message{std::get_if<Message>(&step)}) WalkFields(message->message.fields, visit);
}

//! The earlier step without which this one cannot exist: its connection, target or call; null
//! where there is none.
inline StepIndex* EssentialReference(Step& step)
{
    const auto find{[](auto& content) -> StepIndex* {
        using T = std::remove_reference_t<decltype(content)>;
        if constexpr (std::is_same_v<T, Bootstrap> || std::is_same_v<T, Disconnect> || std::is_same_v<T, Message> ||
                      std::is_same_v<T, Bytes>) {
            return &content.connection;
        } else if constexpr (std::is_same_v<T, Call>) {
            return &content.target.step;
        } else if constexpr (std::is_same_v<T, Await>) {
            return content.call ? &*content.call : nullptr;
        } else if constexpr (std::is_same_v<T, Cancel>) {
            return &content.call;
        } else if constexpr (std::is_same_v<T, Drop>) {
            return &content.capability.step;
        } else {
            return nullptr;
        }
    }};
    return std::visit(find, step);
}

} // namespace mpfuzz::program
