// What the conversions between C++ and Cap'n Proto have in common. Loop thread only.
//
// There is a Codec<T> for every type T that the interface passes, in one header for each group of types:
//
//     static void Build(Exchange&, Value, Output);  // Value: const T&, or T where it moves
//     static T Read(Exchange&, Input);              // throws std::exception where the input is no T
//
// Outputs and inputs are fields of structs and elements of lists, below.
#pragma once

#include <capnp/list.h>

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <utility>

namespace mpfuzz::fuzz_interface::native {

class OutgoingCall;
struct Link;

//! In which a value is converted.
struct Exchange {
    const std::shared_ptr<Link>& link;
    OutgoingCall* call{nullptr}; //!< null where the value is an answer's
};

template<typename T>
struct Codec;

//! Cap'n Proto's limit of elements in a list, and of bytes.
inline constexpr size_t MAX_ELEMENTS{(1u << 29) - 1};

inline unsigned ToCount(size_t size)
{
    if (size >= MAX_ELEMENTS) throw std::runtime_error{"too long for a message"}; // Text has one byte more.
    return static_cast<unsigned>(size);
}

//! A field of a struct to be written; `Field` is one of fields.h.
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
    //! Beside a field that cannot be absent by itself.
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

//! An element of a list to be written.
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
