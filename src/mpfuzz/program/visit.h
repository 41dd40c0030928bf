// This file is long because it contains only templates: one visitor that needs no schema, and one that knows types.
#pragma once

#include <mpfuzz/program/program.h>

#include <algorithm>
#include <concepts>
#include <optional>
#include <string_view>
#include <type_traits>
#include <vector>

//! Functions that visit the values in a program, depth first. A value comes before the values inside it. Fields and
//! elements come in order.
//!
//! ForEachValue() and the ForEach… functions built on it need no schema. VisitValues() also tells the visitor the
//! type and position of each value. All of them work on const and on mutable programs: the visitor gets a
//! `const Value&` or a `Value&` accordingly. A visitor may change the value that it gets. The walk then continues with
//! the values inside the new value.
//!
//! A visitor returns void or bool. If it returns false, the walk does not visit the values inside the value (or the
//! fields) that the visitor got. Declare the parameters of a visitor with their types, not as `auto`.
namespace mpfuzz::program {

//! `const T` if From is const, otherwise `T`.
template<typename From, typename T>
using CopyConst = std::conditional_t<std::is_const_v<From>, const T, T>;

//! One visitor made of several lambdas, for values and for fields.
template<typename... Callables>
struct Overloaded : Callables... {
    using Callables::operator()...;
};
// A deduction guide, because clang 14 does not deduce the parameters of an aggregate.
template<typename... Callables>
Overloaded(Callables...) -> Overloaded<Callables...>;

//! Calls a visitor. @return True if the walk is to continue inside. Always true if the visitor returns void.
template<typename Visit, typename... Arguments>
bool CallVisitor(const Visit& visit, Arguments&... arguments)
{
    if constexpr (std::is_void_v<std::invoke_result_t<const Visit&, Arguments&...>>) {
        visit(arguments...);
        return true;
    } else {
        return visit(arguments...);
    }
}

//! Calls visit(Value&) for every value in `root`, which is a Step, a Value, or any part of one: StructValue,
//! ServedObject, std::vector<FieldValue> and so on. If the visitor also accepts std::vector<FieldValue>&, it is
//! called with the fields of every call, message, struct and reaction, before the values in them.
template<typename Root, typename Visit>
void ForEachValue(Root& root, const Visit& visit)
{
    using T = std::remove_const_t<Root>;
    static_assert(!std::same_as<std::remove_const_t<Root>, Program>, "visit the steps of a program one by one");
    const auto enter{[&visit](auto& part) { ForEachValue(part, visit); }};
    if constexpr (std::same_as<T, Value>) {
        if (CallVisitor(visit, root)) std::visit(enter, root.content);
    } else if constexpr (std::same_as<T, std::vector<FieldValue>>) {
        if constexpr (std::is_invocable_v<const Visit&, Root&>) {
            if (!CallVisitor(visit, root)) return;
        }
        for (auto& field : root) enter(field.value);
    } else if constexpr (std::same_as<T, std::vector<Value>>) {
        for (auto& value : root) enter(value);
    } else if constexpr (std::same_as<T, Step>) {
        std::visit(enter, root);
    } else if constexpr (std::same_as<T, Call>) {
        enter(root.arguments.fields);
    } else if constexpr (std::same_as<T, Serve>) {
        enter(root.object);
    } else if constexpr (std::same_as<T, Message>) {
        enter(root.message.fields);
    } else if constexpr (std::same_as<T, StructValue>) {
        enter(root.fields);
    } else if constexpr (std::same_as<T, ListValue>) {
        enter(root.elements);
    } else if constexpr (std::same_as<T, RepeatValue>) {
        enter(root.element);
    } else if constexpr (std::same_as<T, AnyValue>) {
        enter(root.value);
    } else if constexpr (std::same_as<T, ServedObject>) {
        for (auto& reaction : root.reactions) enter(reaction.results);
    }
    // All other steps and values have no values inside.
}

//! Calls visit(ServedObject&) for every served object in `root`. An object comes before the objects in its results.
template<typename Root, typename Visit>
void ForEachServed(Root& root, const Visit& visit)
{
    if constexpr (std::same_as<std::remove_const_t<Root>, ServedObject>) visit(root);
    if constexpr (std::same_as<std::remove_const_t<Root>, Step>) {
        if (auto* serve{std::get_if<Serve>(&root)}) visit(serve->object);
    }
    ForEachValue(root, [&visit](CopyConst<Root, Value>& value) {
        if (auto* object{value.template As<ServedObject>()}) visit(*object);
    });
}

//! Calls visit(uint32_t&) for the moment of every Reaction::LATER in `root`. A moment is the number of a step, but not
//! a reference: it usually names a later step.
template<typename Root, typename Visit>
void ForEachMoment(Root& root, const Visit& visit)
{
    ForEachServed(root, [&visit](CopyConst<Root, ServedObject>& object) {
        for (auto& reaction : object.reactions) {
            if (reaction.kind == Reaction::Kind::LATER) visit(reaction.step);
        }
    });
}

//! Calls visit(CapabilityRef&) for every capability reference in `root`. The target of a Call comes first. Also visits
//! the reference of a Drop.
template<typename Root, typename Visit>
void ForEachCapability(Root& root, const Visit& visit)
{
    if constexpr (std::same_as<std::remove_const_t<Root>, Step>) {
        if (auto* call{std::get_if<Call>(&root)}) visit(call->target);
        if (auto* drop{std::get_if<Drop>(&root)}) visit(drop->capability);
    }
    ForEachValue(root, [&visit](CopyConst<Root, Value>& value) {
        if (auto* ref{value.template As<CapabilityRef>()}) visit(*ref);
    });
}

//! The earlier step that a step cannot exist without: its connection, target or call. Returns null if there is none.
template<typename AnyStep>
requires std::same_as<std::remove_const_t<AnyStep>, Step> CopyConst<AnyStep, StepIndex>
*EssentialReference(AnyStep& step)
{
    using Index = CopyConst<AnyStep, StepIndex>;
    const auto find{[](auto& content) -> Index* {
        using T = std::remove_cvref_t<decltype(content)>;
        if constexpr (std::same_as<T, Call>) {
            return &content.target.step;
        } else if constexpr (std::same_as<T, Await>) {
            return content.call ? &*content.call : nullptr;
        } else if constexpr (std::same_as<T, Cancel>) {
            return &content.call;
        } else if constexpr (std::same_as<T, Drop>) {
            return &content.capability.step;
        } else if constexpr (requires { content.connection; }) {
            return &content.connection;
        } else {
            return nullptr;
        }
    }};
    return std::visit(find, step);
}

//! Calls visit(StepIndex&) for every reference to an earlier step in a step. First the step that it cannot exist
//! without, then the references in its values, including the results of served objects.
template<typename AnyStep, typename Visit>
void ForEachReference(AnyStep& step, const Visit& visit)
{
    if (auto* essential = EssentialReference(step)) visit(*essential);
    ForEachValue(step, [&visit](CopyConst<AnyStep, Value>& value) {
        if (auto* ref{value.template As<CapabilityRef>()}) visit(ref->step);
        if (auto* data{value.template As<DataRef>()}) visit(data->step);
    });
}

struct ValuePosition;

//! Describes where some fields are: they are the arguments of a call, a message, a struct or group inside these, or the
//! results that a served object returns from one method.
struct FieldsPosition {
    uint32_t struct_index{0};
    const ValuePosition* outer{nullptr}; //!< the struct or served object that contains them; null if the step does
    const Reaction* reaction{nullptr};   //!< the reaction whose results they are; otherwise null
    size_t reaction_index{0};
    bool in_served{false}; //!< somewhere inside a served object's results
};

//! Describes where a value is. It and everything that it points to is valid until the visitor returns.
struct ValuePosition {
    schema::Type type;
    const ValuePosition* outer{nullptr};   //!< the value that directly contains this one; null if there is none
    const FieldsPosition* fields{nullptr}; //!< the innermost fields that contain it; null if the walk began at a value
    const schema::Field* field{nullptr};   //!< the field that contains it, directly or in a list or AnyValue
    PathElement element{}; //!< index of the field, or position in the list; 0 in RepeatValue and AnyValue
    size_t list_size{1};   //!< number of elements of the ListValue that contains it
    bool in_list{false};   //!< an element of a ListValue or RepeatValue
    bool in_served{false}; //!< somewhere inside a served object's results
    uint32_t depth{0};     //!< number of values that contain it

    //! Name of `field`; empty if there is none.
    std::string_view FieldName() const { return field ? std::string_view{field->name} : std::string_view{}; }
    //! True for a field if unsetting it means the same as zero or null.
    bool UnsetIsZero() const;
    //! Path from the step, as in ArgumentPath. Cost: linear in its length.
    Path GetPath() const;
};

//! A depth-first walk: see VisitValues(). V is Value or const Value.
template<typename V, typename Visit>
class ValueWalk
{
public:
    using Fields = CopyConst<V, std::vector<FieldValue>>;

    ValueWalk(const schema::Schema& schema, const Visit& visit) : m_schema{schema}, m_visit{visit} {}

    void InStep(CopyConst<V, Step>& step) const
    {
        if (auto* call{std::get_if<Call>(&step)}) {
            InFields(call->arguments.fields, {.struct_index = m_schema.GetMethod(call->method).params});
        } else if (auto* message{std::get_if<Message>(&step)}) {
            InFields(message->message.fields, {.struct_index = m_schema.RpcMessage()});
        } else if (auto* serve{std::get_if<Serve>(&step)}) {
            InServed(serve->object, nullptr);
        }
    }

    void InFields(Fields& fields, const FieldsPosition& position) const
    {
        if constexpr (std::is_invocable_v<const Visit&, Fields&, const FieldsPosition&>) {
            if (!CallVisitor(m_visit, fields, position)) return;
        }
        const std::vector<schema::Field>& declared{m_schema.GetStruct(position.struct_index).fields};
        for (auto& field : fields) {
            const schema::Field& about{declared.at(field.field)};
            InValue(field.value, {.type = about.type,
                                  .outer = position.outer,
                                  .fields = &position,
                                  .field = &about,
                                  .element = {PathElement::Kind::FIELD, field.field},
                                  .in_served = position.in_served,
                                  .depth = position.outer ? position.outer->depth + 1 : 0});
        }
    }

    void InValue(V& value, const ValuePosition& position) const
    {
        if constexpr (std::is_invocable_v<const Visit&, V&, const ValuePosition&>) {
            if (!CallVisitor(m_visit, value, position)) return;
        }
        if (auto* fields{value.template As<StructValue>()}) {
            InFields(fields->fields,
                     {.struct_index = position.type.index, .outer = &position, .in_served = position.in_served});
        } else if (auto* list{value.template As<ListValue>()}) {
            InElements(list->elements, m_schema.Element(position.type), /*in_list=*/true, position);
        } else if (auto* repeat{value.template As<RepeatValue>()}) {
            InElements(repeat->element, m_schema.Element(position.type), /*in_list=*/true, position);
        } else if (auto* any{value.template As<AnyValue>()}) {
            InElements(any->value, any->type, /*in_list=*/false, position);
        } else if (auto* object{value.template As<ServedObject>()}) {
            InServed(*object, &position);
        }
    }

private:
    void InElements(CopyConst<V, std::vector<Value>>& elements, schema::Type type, bool in_list,
                    const ValuePosition& outer) const
    {
        ValuePosition position{outer};
        position.type = type;
        position.outer = &outer;
        position.list_size = elements.size();
        position.in_list = in_list;
        ++position.depth;
        for (size_t i{0}; i < elements.size(); ++i) {
            position.element = {PathElement::Kind::ELEMENT, static_cast<uint32_t>(i)};
            InValue(elements[i], position);
        }
    }

    void InServed(CopyConst<V, ServedObject>& object, const ValuePosition* outer) const
    {
        for (size_t i{0}; i < object.reactions.size(); ++i) {
            auto& reaction{object.reactions[i]};
            InFields(reaction.results, {.struct_index = m_schema.GetMethod(reaction.method).results,
                                        .outer = outer,
                                        .reaction = &reaction,
                                        .reaction_index = i,
                                        .in_served = true});
        }
    }

    const schema::Schema& m_schema;
    const Visit& m_visit;
};

//! Calls visit(Value&, const ValuePosition&) for every value in a valid step. Also calls
//! visit(std::vector<FieldValue>&, const FieldsPosition&) for the fields of every call, message, struct and reaction.
//! The visitor must accept at least one of the two. The fields of a struct come directly after the struct.
template<typename AnyStep, typename Visit>
requires std::same_as<std::remove_const_t<AnyStep>, Step>
void VisitValues(const schema::Schema& schema, AnyStep& step, const Visit& visit)
{
    ValueWalk<CopyConst<AnyStep, Value>, Visit>{schema, visit}.InStep(step);
}

//! Visits a value of a type, and all values inside it, in the same way. Paths begin at the value.
template<typename V, typename Visit>
requires std::same_as<std::remove_const_t<V>, Value>
void VisitValues(const schema::Schema& schema, schema::Type type, V& value, const Visit& visit)
{
    ValueWalk<V, Visit>{schema, visit}.InValue(value, {.type = type});
}

//! Visits the fields of a struct, such as of an answer, in the same way.
template<typename S, typename Visit>
requires std::same_as<std::remove_const_t<S>, StructValue>
void VisitValues(const schema::Schema& schema, uint32_t struct_index, S& value, const Visit& visit)
{
    ValueWalk<CopyConst<S, Value>, Visit>{schema, visit}.InFields(value.fields, {.struct_index = struct_index});
}

} // namespace mpfuzz::program
