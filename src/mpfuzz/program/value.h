#pragma once

#include <mpfuzz/schema/schema.h>

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace mpfuzz::program {

//! Index of a step in its Program. References only ever point to earlier steps.
using StepIndex = uint32_t;

struct Value;

//! One step from an answer into its content.
struct PathElement {
    enum class Kind : uint8_t { FIELD, ELEMENT } kind{Kind::FIELD};
    uint32_t index{0}; //!< FIELD: into Struct::fields; ELEMENT: position in the list
    friend bool operator==(const PathElement&, const PathElement&) = default;
};
using Path = std::vector<PathElement>;

//! A capability that an earlier step made: the main interface of a Bootstrap (empty path), an object of
//! a Serve (empty path), or a capability inside a Call's answer.
struct CapabilityRef {
    StepIndex step{0};
    Path path{};
    friend bool operator==(const CapabilityRef&, const CapabilityRef&) = default;
};

//! One change to bytes on their way from an answer into an argument.
struct Edit {
    enum class Kind : uint8_t {
        FLIP,    //!< flip bit number `number` (bit n is bit n % 8 of byte n / 8); no effect past the end
        PUT,     //!< overwrite at offset `number` with `bytes`; what would pass the end is dropped
        CUT,     //!< keep the first `number` bytes
        PREPEND, //!< put `bytes` in front
        APPEND,  //!< put `bytes` behind
    } kind{Kind::FLIP};
    uint64_t number{0};
    std::string bytes{};
    friend bool operator==(const Edit&, const Edit&) = default;
};

//! Data that an earlier call's answer holds, handed back. For Text and Data `edits` apply in order; for
//! numbers, bools, enums, structs and lists there are none.
struct DataRef {
    StepIndex step{0};
    Path path{};
    std::vector<Edit> edits{};
    friend bool operator==(const DataRef&, const DataRef&) = default;
};

struct Void {
    friend bool operator==(const Void&, const Void&) = default;
};
//! A null pointer of whatever pointer type stands there.
struct Null {
    friend bool operator==(const Null&, const Null&) = default;
};
//! An enum by its number on the wire, which the schema need not know.
struct EnumValue {
    uint16_t raw{0};
    friend bool operator==(const EnumValue&, const EnumValue&) = default;
};
//! Text or Data: any bytes, UTF-8 or not. Text's terminating NUL is not part of it.
struct Blob {
    std::string bytes;
    friend bool operator==(const Blob&, const Blob&) = default;
};
//! IEEE bits, so that equality and printing keep NaN payloads and the sign of zero. FLOAT32 uses the low 32.
struct Float {
    uint64_t bits{0};
    friend bool operator==(const Float&, const Float&) = default;
};

struct FieldValue;
//! The fields that are set, each once, ascending by field index; others have their default.
//! In a union at most one branch is set.
struct StructValue {
    std::vector<FieldValue> fields;

    const Value* Find(uint32_t field) const;
    Value* Find(uint32_t field);
    //! Set a field, replacing what was there; keeps the order. Does not look at unions.
    void Set(uint32_t field, Value value);
    void Erase(uint32_t field);
    friend bool operator==(const StructValue&, const StructValue&);
};

struct ListValue {
    std::vector<Value> elements;
    friend bool operator==(const ListValue&, const ListValue&);
};
//! A list of `count` equal elements, for lengths that should not be spelt out. `element` holds exactly one.
struct RepeatValue {
    uint64_t count{0};
    std::vector<Value> element;
    friend bool operator==(const RepeatValue&, const RepeatValue&);
};
//! What stands in an AnyPointer, AnyStruct or AnyList: a value with its type. `value` holds exactly one.
struct AnyValue {
    schema::Type type;
    std::vector<Value> value;
    friend bool operator==(const AnyValue&, const AnyValue&);
};

//! How a served object reacts to one method. Members that the kind does not use keep their default.
struct Reaction {
    enum class Kind : uint8_t {
        RETURN,     //!< answer with `results`
        THROW,      //!< answer with an exception
        NEVER,      //!< leave the call unanswered
        LATER,      //!< answer with `results` once step `step` has been reached, or the program's end
        CALL,       //!< first call `callback` on a capability among the call's own parameters, then return
        ECHO,       //!< answer with what came: parameters that a result has the name and type of, changed by `results`
        DISCONNECT, //!< close the connection that the call came on instead of answering
    } kind{Kind::RETURN};
    schema::MethodRef method{};
    std::vector<FieldValue> results; //!< RETURN, LATER, CALL, ECHO: of the method's result struct, as in StructValue
    uint8_t exception{0};            //!< THROW: 0 failed, 1 overloaded, 2 disconnected, 3 unimplemented
    std::string message{};           //!< THROW
    uint32_t step{0};                //!< LATER: any step up to MAX_STEPS; a moment, not a reference
    Path callback_target{};          //!< CALL: where in the parameters the capability is
    schema::MethodRef callback{}; //!< CALL: called with those of our own parameters that it has too, by name and type
    friend bool operator==(const Reaction&, const Reaction&);

    //! An answer is made of `results`.
    bool Answers() const { return kind != Kind::THROW && kind != Kind::NEVER && kind != Kind::DISCONNECT; }
    //! The call is answered, or fails, whatever else happens.
    bool IsPrompt() const { return kind == Kind::RETURN || kind == Kind::THROW || kind == Kind::ECHO; }
};
//! An object of ours that the target may call. Methods without a reaction return defaults.
struct ServedObject {
    uint32_t interface = 0;            //!< index into Schema::Interfaces
    std::vector<Reaction> reactions{}; //!< ascending by method, each once
    friend bool operator==(const ServedObject&, const ServedObject&);
};

//! In answers only: a capability was there. A program cannot contain it.
struct SeenCapability {
    friend bool operator==(const SeenCapability&, const SeenCapability&) = default;
};

template<typename T, typename... Alternatives>
concept OneOf = (std::same_as<T, Alternatives> || ...);

//! A tree of anything that can stand in an argument or an answer. Which alternative fits is decided by
//! the type that the schema has at that place; signed integers are int64_t, unsigned uint64_t.
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

//! Apply edits in order. Cost: linear in the bytes a time.
std::string ApplyEdits(std::string bytes, const std::vector<Edit>& edits);

} // namespace mpfuzz::program
