// Bitcoin's values: Data of their serialisation.
#pragma once

#include <fuzz_interface/native/text.h>

#include <domains/bitcoin/parse.h>
#include <domains/bitcoin/transaction.h>
#include <domains/bitcoin/values.h>

#include <memory>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace mpfuzz::fuzz_interface::native {

std::string_view AsBytes(const auto& data) { return {reinterpret_cast<const char*>(data.begin()), data.size()}; }

//! A value that there is one way to serialise, and `Parse` to read.
template<typename T, auto Parse>
struct SerializedCodec {
    static void Build(Exchange&, const T& value, auto output) { PutBytes(Serialize(value), output); }
    static T Read(Exchange&, auto input)
    {
        const auto data{input.Get()};
        auto parsed{Parse(AsBytes(data))};
        if (!parsed) throw std::runtime_error{"bytes that are no value of Bitcoin's"};
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

//! Null is no bytes: no transaction serialises to none.
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
        if (!parsed) throw std::runtime_error{"bytes that are no transaction"};
        return std::make_shared<const domains::bitcoin::Transaction>(*std::move(parsed));
    }
};

} // namespace mpfuzz::fuzz_interface::native
