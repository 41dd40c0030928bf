#pragma once

#include <mpfuzz/schema/schema.h>

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace mpfuzz::program {

//! Index of a step in its Program. A reference can only name an earlier step.
using StepIndex = uint32_t;

struct Value;

//! One element of a path into an answer.
struct PathElement {
    enum class Kind : uint8_t { FIELD, ELEMENT } kind{Kind::FIELD};
    uint32_t index{0}; //!< FIELD: into Struct::fields; ELEMENT: position in the list
    friend bool operator==(const PathElement&, const PathElement&) = default;
};
using Path = std::vector<PathElement>;

//! Names a capability of an earlier step: the main interface of a Bootstrap (empty path), the object of a Serve (empty
//! path), or a capability in a Call's answer.
struct CapabilityRef {
    StepIndex step{0};
    Path path{};
    friend bool operator==(const CapabilityRef&, const CapabilityRef&) = default;
};

//! One change to bytes that are copied from an answer into an argument.
struct Edit {
    enum class Kind : uint8_t {
        FLIP,    //!< flip bit `number % 8` of byte `number / 8`; no effect beyond the end
        PUT,     //!< overwrite with `bytes` at offset `number`; does not write beyond the end
        CUT,     //!< keep the first `number` bytes
        PREPEND, //!< insert `bytes` at the beginning
        APPEND,  //!< add `bytes` at the end
    } kind{Kind::FLIP};
    uint64_t number{0};
    std::string bytes{};
    friend bool operator==(const Edit&, const Edit&) = default;
};

//! Data from an earlier call's answer, used as an argument. `edits` apply in order, and only to Text and Data.
struct DataRef {
    StepIndex step{0};
    Path path{};
    std::vector<Edit> edits{};
    friend bool operator==(const DataRef&, const DataRef&) = default;
};

struct Void {
    friend bool operator==(const Void&, const Void&) = default;
};
//! A null pointer of any pointer type.
struct Null {
    friend bool operator==(const Null&, const Null&) = default;
};
//! An enum as its number on the wire. The schema may have no enumerant for it.
struct EnumValue {
    uint16_t raw{0};
    friend bool operator==(const EnumValue&, const EnumValue&) = default;
};
//! Text or Data: any bytes, which need not be UTF-8. Without the NUL that ends a Text on the wire.
struct Blob {
    std::string bytes;
    friend bool operator==(const Blob&, const Blob&) = default;
};
//! A float as its IEEE bits, so that NaN payloads and the sign of zero are kept. FLOAT32 uses the low 32 bits.
struct Float {
    uint64_t bits{0};
    friend bool operator==(const Float&, const Float&) = default;
};

struct FieldValue;
//! The fields that are set, without duplicates, in the order of their indices. All other fields have their default. At
//! most one member of a union is set.
struct StructValue {
    std::vector<FieldValue> fields;

    const Value* Find(uint32_t field) const;
    Value* Find(uint32_t field);
    //! Set a field, or replace its value. Does not unset other members of a union.
    void Set(uint32_t field, Value value);
    void Erase(uint32_t field);
    friend bool operator==(const StructValue&, const StructValue&);
};

struct ListValue {
    std::vector<Value> elements;
    friend bool operator==(const ListValue&, const ListValue&);
};
//! A list of `count` equal elements, for long lists. `element` contains exactly one value.
struct RepeatValue {
    uint64_t count{0};
    std::vector<Value> element;
    friend bool operator==(const RepeatValue&, const RepeatValue&);
};
//! The content of an AnyPointer, AnyStruct or AnyList: a value with its type. `value` contains exactly one value.
struct AnyValue {
    schema::Type type;
    std::vector<Value> value;
    friend bool operator==(const AnyValue&, const AnyValue&);
};

//! How a served object reacts to a call of one method. Members that the kind does not use must have their default.
struct Reaction {
    enum class Kind : uint8_t {
        RETURN,     //!< answer with `results`
        THROW,      //!< answer with an exception
        NEVER,      //!< leave the call unanswered
        LATER,      //!< answer with `results` when the program reaches step `step`, or its end
        CALL,       //!< call `callback` on a capability in the call's parameters, then answer with `results`
        ECHO,       //!< answer with the parameters that have the name and type of a result; `results` replace some
        DISCONNECT, //!< close the connection of the call, without an answer
    } kind{Kind::RETURN};
    schema::MethodRef method{};
    std::vector<FieldValue> results; //!< RETURN, LATER, CALL, ECHO: fields of the result struct, as in StructValue
    uint8_t exception{0};            //!< THROW: 0 failed, 1 overloaded, 2 disconnected, 3 unimplemented
    std::string message{};           //!< THROW
    uint32_t step{0};                //!< LATER: a moment, not a reference: any number up to MAX_STEPS
    Path callback_target{};          //!< CALL: path of the capability in the parameters
    schema::MethodRef callback{};    //!< CALL: it gets the parameters that have the same name and type
    friend bool operator==(const Reaction&, const Reaction&);

    //! True if the call is answered, with `results`.
    bool Answers() const { return kind != Kind::THROW && kind != Kind::NEVER && kind != Kind::DISCONNECT; }
    //! True if the call is answered, or fails, without waiting for anything else.
    bool IsPrompt() const { return kind == Kind::RETURN || kind == Kind::THROW || kind == Kind::ECHO; }
};
//! An object that the fuzzer serves. The target may call it. A method without a reaction returns default values.
struct ServedObject {
    uint32_t interface = 0;            //!< index into Schema::Interfaces
    std::vector<Reaction> reactions{}; //!< in the order of the methods, at most one for each
    friend bool operator==(const ServedObject&, const ServedObject&);
};

//! A capability in an answer. It never occurs in a program.
struct SeenCapability {
    friend bool operator==(const SeenCapability&, const SeenCapability&) = default;
};

template<typename T, typename... Alternatives>
concept OneOf = (std::same_as<T, Alternatives> || ...);

//! A value in an argument or an answer, with the values inside it. Which alternative fits depends on the type in the
//! schema. A signed integer is an int64_t, an unsigned one a uint64_t.
struct Value {
    using Variant = std::variant<Void, bool, int64_t, uint64_t, Float, EnumValue, Blob, Null, ListValue, RepeatValue,
                                 StructValue, AnyValue, CapabilityRef, DataRef, ServedObject, SeenCapability>;
    Variant content;

    Value() = default;
    template<typename T>
    requires OneOf<T, Void, bool, int64_t, uint64_t, Float, EnumValue, Blob, Null, ListValue, RepeatValue, StructValue,
                   AnyValue, CapabilityRef, DataRef, ServedObject, SeenCapability>
    Value(T value) : content{std::in_place_type<T>, std::move(value)}
    {
    }

    template<typename T>
    const T* As() const
    {
        return std::get_if<T>(&content);
    }
    template<typename T>
    T* As()
    {
        return std::get_if<T>(&content);
    }
    friend bool operator==(const Value&, const Value&) = default;
};

struct FieldValue {
    uint32_t field{0};
    Value value;
    friend bool operator==(const FieldValue&, const FieldValue&) = default;
};

//! Apply edits to bytes, in order. Cost of each edit: linear in the number of bytes.
std::string ApplyEdits(std::string bytes, const std::vector<Edit>& edits);

} // namespace mpfuzz::program
