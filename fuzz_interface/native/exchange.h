// The base of the conversions between C++ and Cap'n Proto. Loop thread only.
//
// There is a Codec<T> for every type T that the interface passes, in value_codecs.h, container_codecs.h and objects.h:
//
//     static void Build(Exchange&, Value, Output);  // Value: const T&, or T if it is moved
//     static T Read(Exchange&, Input);              // throws std::exception if the input is not a T
//
// Outputs and inputs are fields of structs and elements of lists, below.
#pragma once

#include <capnp/list.h>

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <utility>

namespace mpfuzz::fuzz_interface::native {

// There is one type for each field name in fuzz.capnp, so that a field can be a template parameter.
//
// C++ instantiates a member only if it is used, so a struct needs only the accessors that are used with it. IsPresent
// and SetPresent use the flag `hasNAME`. They do not exist for a struct without that flag.
#define MPFUZZ_FIELD(NAME)                                                                                             \
    struct NAME {                                                                                                      \
        static auto Get(const auto& reader) { return reader.get##NAME(); }                                             \
        static bool Has(const auto& reader) { return reader.has##NAME(); }                                             \
        static auto IsPresent(const auto& reader) -> decltype(reader.getHas##NAME()) { return reader.getHas##NAME(); } \
        static void Set(auto& builder, auto&& value) { builder.set##NAME(std::forward<decltype(value)>(value)); }      \
        static auto Init(auto& builder, auto... size) { return builder.init##NAME(size...); }                          \
        static auto SetPresent(auto& builder) -> decltype(builder.setHas##NAME(true)) { builder.setHas##NAME(true); }  \
    }

namespace field {

MPFUZZ_FIELD(Callback);
MPFUZZ_FIELD(Code);
MPFUZZ_FIELD(CommandLine);
MPFUZZ_FIELD(Depth);
MPFUZZ_FIELD(First);
MPFUZZ_FIELD(Forced);
MPFUZZ_FIELD(Function);
MPFUZZ_FIELD(Id);
MPFUZZ_FIELD(In);
MPFUZZ_FIELD(InOut);
MPFUZZ_FIELD(Kind);
MPFUZZ_FIELD(Message);
MPFUZZ_FIELD(Object);
MPFUZZ_FIELD(Out);
MPFUZZ_FIELD(Result);
MPFUZZ_FIELD(Second);
MPFUZZ_FIELD(Slot);
MPFUZZ_FIELD(Standard);
MPFUZZ_FIELD(Token);
MPFUZZ_FIELD(Typed);
MPFUZZ_FIELD(Value);

} // namespace field

#undef MPFUZZ_FIELD

class OutgoingCall;
struct Link;

//! The context of a conversion.
struct Exchange {
    const std::shared_ptr<Link>& link;
    OutgoingCall* call{nullptr}; //!< null if the value belongs to an answer, or to a call from the peer
};

template<typename T>
struct Codec;

//! Cap'n Proto's limit for the elements of a list, and for bytes.
inline constexpr size_t MAX_ELEMENTS{(1u << 29) - 1};

inline unsigned ToCount(size_t size)
{
    if (size >= MAX_ELEMENTS)
        throw std::runtime_error{"too long for a message"}; // >= because Text has a NUL at its end.
    return static_cast<unsigned>(size);
}

//! A field of a struct to write. `Field` is a type in namespace `field`.
template<typename Field, typename Builder>
struct FieldOutput {
    Builder& builder;

    template<typename Value>
    void Set(Value&& value)
    {
        Field::Set(builder, std::forward<Value>(value));
    }
    auto Init() { return Field::Init(builder); }
    auto Init(size_t size) { return Field::Init(builder, ToCount(size)); }
    //! Sets the flag of a field that has one.
    void SetPresent()
    {
        if constexpr (requires { Field::SetPresent(builder); }) Field::SetPresent(builder);
    }
};

template<typename Field, typename Reader>
struct FieldInput {
    const Reader& reader;

    auto Get() const { return Field::Get(reader); }
    bool IsPresent() const
    {
        if constexpr (requires { Field::IsPresent(reader); }) {
            return Field::IsPresent(reader);
        } else {
            return Field::Has(reader);
        }
    }
};

template<typename Field, typename Builder>
FieldOutput<Field, Builder> OutputOf(Builder& builder)
{
    return {builder};
}

template<typename Field, typename Reader>
FieldInput<Field, Reader> InputOf(const Reader& reader)
{
    return {reader};
}

//! An element of a list to write.
template<typename Builder>
struct ElementOutput {
    Builder& list;
    unsigned index;

    template<typename Value>
    void Set(Value&& value)
    {
        list.set(index, std::forward<Value>(value));
    }
    auto Init() { return list[index]; }
    auto Init(size_t size) { return list.init(index, ToCount(size)); }
};

template<typename Reader>
struct ElementInput {
    Reader value;

    Reader Get() const { return value; }
};

} // namespace mpfuzz::fuzz_interface::native
