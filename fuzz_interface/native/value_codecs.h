// The codecs of single values: numbers, text, bytes, Bitcoin's values, JSON and optional values.
#pragma once

#include <fuzz_interface/interface/interface.h>
#include <fuzz_interface/interface/values.h>
#include <fuzz_interface/native/exchange.h>

#include <domains/bitcoin/parse.h>
#include <domains/bitcoin/transaction.h>
#include <domains/bitcoin/values.h>

#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace mpfuzz::fuzz_interface::native {

// Numbers, and types that are numbers on the wire.

template<typename T>
requires std::is_arithmetic_v<T>
struct Codec<T> {
    static void Build(Exchange&, T value, auto output) { output.Set(value); }
    static T Read(Exchange&, auto input)
    {
        static_assert(std::same_as<decltype(input.Get()), T>, "the schema has another type");
        return input.Get();
    }
};

template<>
struct Codec<fuzz_interface::Colour> {
    static void Build(Exchange&, fuzz_interface::Colour value, auto output) { output.Set(static_cast<int32_t>(value)); }
    static fuzz_interface::Colour Read(Exchange&, auto input)
    {
        const int32_t number{input.Get()};
        if (number < 0 || number >= fuzz_interface::COLOURS) throw std::runtime_error{"the number is not a colour"};
        return static_cast<fuzz_interface::Colour>(number);
    }
};

template<typename Period>
struct Codec<std::chrono::duration<int64_t, Period>> {
    using Duration = std::chrono::duration<int64_t, Period>;
    static void Build(Exchange&, Duration value, auto output) { output.Set(value.count()); }
    static Duration Read(Exchange&, auto input) { return Duration{input.Get()}; }
};

template<>
struct Codec<fuzz_interface::TimePoint> {
    using TimePoint = fuzz_interface::TimePoint;
    static void Build(Exchange&, TimePoint value, auto output) { output.Set(value.time_since_epoch().count()); }
    static TimePoint Read(Exchange&, auto input) { return TimePoint{TimePoint::duration{input.Get()}}; }
};

// Text and bytes. Text may hold any byte.

//! Writes bytes into Text or Data.
void PutBytes(const auto& bytes, auto output) { std::ranges::copy(bytes, output.Init(bytes.size()).begin()); }

template<>
struct Codec<std::string> {
    static void Build(Exchange&, const std::string& value, auto output) { PutBytes(value, output); }
    static std::string Read(Exchange&, auto input)
    {
        const auto text{input.Get()};
        return {text.begin(), text.end()};
    }
};

template<>
struct Codec<fuzz_interface::Bytes> {
    static void Build(Exchange&, const fuzz_interface::Bytes& value, auto output) { PutBytes(value, output); }
    static fuzz_interface::Bytes Read(Exchange&, auto input)
    {
        const auto data{input.Get()};
        return {data.begin(), data.end()};
    }
};

//! If the struct has a flag for the field, the flag says whether there is a value. Otherwise the field is a pointer:
//! null if there is no value, and not null for an empty value.
template<typename T>
struct Codec<std::optional<T>> {
    static void Build(Exchange& exchange, const std::optional<T>& value, auto output)
    {
        if (!value) return;
        output.SetPresent();
        Codec<T>::Build(exchange, *value, output);
    }
    static std::optional<T> Read(Exchange& exchange, auto input)
    {
        if (!input.IsPresent()) return std::nullopt;
        return Codec<T>::Read(exchange, input);
    }
};

// Bitcoin's values: Data of their serialisation.

std::string_view AsBytes(const auto& data) { return {reinterpret_cast<const char*>(data.begin()), data.size()}; }

//! A value with a function `Serialize`, and `Parse` to read it back.
template<typename T, auto Parse>
struct SerializedCodec {
    static void Build(Exchange&, const T& value, auto output) { PutBytes(Serialize(value), output); }
    static T Read(Exchange&, auto input)
    {
        const auto data{input.Get()};
        auto parsed{Parse(AsBytes(data))};
        if (!parsed) throw std::runtime_error{"the bytes are not a value of this type"};
        return *std::move(parsed);
    }
};

template<>
struct Codec<fuzz_interface::FeeRate> : SerializedCodec<fuzz_interface::FeeRate, domains::bitcoin::ParseFeeRate> {
};

template<>
struct Codec<fuzz_interface::OutPoint> : SerializedCodec<fuzz_interface::OutPoint, domains::bitcoin::ParseOutPoint> {
};

template<>
struct Codec<fuzz_interface::Script> : SerializedCodec<fuzz_interface::Script, domains::bitcoin::ParseScript> {
};

//! Null is sent as no bytes; the serialisation of a transaction is never empty.
template<>
struct Codec<fuzz_interface::TransactionRef> {
    static void Build(Exchange&, const fuzz_interface::TransactionRef& value, auto output)
    {
        if (value) PutBytes(Serialize(*value, /*with_witness=*/true), output);
    }
    static fuzz_interface::TransactionRef Read(Exchange&, auto input)
    {
        const auto data{input.Get()};
        if (data.size() == 0) return nullptr;
        auto parsed{domains::bitcoin::ParseTransaction(AsBytes(data))};
        if (!parsed) throw std::runtime_error{"the bytes are not a transaction"};
        return std::make_shared<const domains::bitcoin::Transaction>(*std::move(parsed));
    }
};

template<>
struct Codec<fuzz_interface::Json> {
    static void Build(Exchange&, const fuzz_interface::Json& value, auto output)
    {
        PutBytes(PrintJson(value, fuzz_interface::BadUtf8::THROW), output);
    }
    static fuzz_interface::Json Read(Exchange& exchange, auto input)
    {
        return ParseJson(Codec<std::string>::Read(exchange, input));
    }
};

} // namespace mpfuzz::fuzz_interface::native
