// How libmultiprocess converts the types of the fuzz interface: with its own overloads if it has them, otherwise with
// the overloads below. These have the same wire format as Bitcoin Core's. The generated proxy-types.h includes this
// file.
//
// A CustomBuildField must not throw: it runs on the event loop, where libmultiprocess logs the exception and lets the
// caller wait for ever.
#pragma once

#include <fuzz_interface/interface/interface.h>

#include <domains/bitcoin/parse.h>

#include <mp/proxy-types.h>
#include <mp/type-chrono.h>
#include <mp/type-context.h>
#include <mp/type-decay.h>
#include <mp/type-exception.h>
#include <mp/type-function.h>
#include <mp/type-interface.h>
#include <mp/type-map.h>
#include <mp/type-number.h>
#include <mp/type-optional.h>
#include <mp/type-pair.h>
#include <mp/type-pointer.h>
#include <mp/type-set.h>
#include <mp/type-string.h>
#include <mp/type-struct.h>
#include <mp/type-threadmap.h>
#include <mp/type-tuple.h>
#include <mp/type-unordered-set.h>
#include <mp/type-vector.h>
#include <mp/type-void.h>

#if !defined(__clang__) || __clang_major__ >= 16
#include <mp/type-data.h>
#define MPFUZZ_HAVE_TYPE_DATA
#endif

#include <algorithm>
#include <stdexcept>
#include <type_traits>

namespace mpfuzz::fuzz_interface {

using domains::bitcoin::Transaction;

//! A type that is sent as Data.
template<typename T>
concept BitcoinValue = std::is_same_v<T, fuzz_interface::FeeRate> || std::is_same_v<T, fuzz_interface::OutPoint> ||
    std::is_same_v<T, fuzz_interface::Script> || std::is_same_v<T, Transaction>;

template<BitcoinValue T>
std::string BytesOf(const T& value)
{
    if constexpr (std::is_same_v<T, Transaction>) {
        return Serialize(value, /*with_witness=*/true);
    } else {
        return Serialize(value);
    }
}

//! @throw std::runtime_error if the bytes are not a T.
template<BitcoinValue T>
T ValueOf(std::string_view bytes)
{
    const auto value = [bytes] {
        if constexpr (std::is_same_v<T, fuzz_interface::FeeRate>) return domains::bitcoin::ParseFeeRate(bytes);
        if constexpr (std::is_same_v<T, fuzz_interface::OutPoint>) return domains::bitcoin::ParseOutPoint(bytes);
        if constexpr (std::is_same_v<T, fuzz_interface::Script>) return domains::bitcoin::ParseScript(bytes);
        if constexpr (std::is_same_v<T, Transaction>) return domains::bitcoin::ParseTransaction(bytes);
    }();
    if (!value) throw std::runtime_error{"the bytes are not a value of this type"};
    return *value;
}

} // namespace mpfuzz::fuzz_interface

namespace mp {

#ifndef MPFUZZ_HAVE_TYPE_DATA
// libmultiprocess's type-data.h lacks a `typename` that clang needs before version 16.

template<typename Value, typename Output>
void CustomBuildField(TypeList<mpfuzz::fuzz_interface::Bytes>, Priority<2>, InvokeContext&, Value&& value,
                      Output&& output)
{
    std::copy(value.begin(), value.end(), output.init(value.size()).begin());
}

template<typename Input, typename ReadDest>
decltype(auto) CustomReadField(TypeList<mpfuzz::fuzz_interface::Bytes>, Priority<2>, InvokeContext&, Input&& input,
                               ReadDest&& read_dest)
{
    const auto data = input.get();
    return read_dest.construct(data.begin(), data.end());
}
#endif

template<mpfuzz::fuzz_interface::BitcoinValue T, typename Value, typename Output>
void CustomBuildField(TypeList<T>, Priority<1>, InvokeContext&, Value&& value, Output&& output)
{
    const std::string bytes{mpfuzz::fuzz_interface::BytesOf(value)};
    std::copy(bytes.begin(), bytes.end(), output.init(bytes.size()).begin());
}

template<mpfuzz::fuzz_interface::BitcoinValue T, typename Input, typename ReadDest>
decltype(auto) CustomReadField(TypeList<T>, Priority<1>, InvokeContext&, Input&& input, ReadDest&& read_dest)
{
    return read_dest.update([&](T& value) {
        const auto data = input.get();
        value = mpfuzz::fuzz_interface::ValueOf<T>({CharCast(data.begin()), data.size()});
    });
}

//! The reader of a list element cannot distinguish null from empty. So null is sent as no bytes: the serialisation of a
//! transaction is never empty.
template<typename Input>
bool CustomHasField(TypeList<mpfuzz::fuzz_interface::Transaction>, InvokeContext&, const Input& input)
{
    return input.get().size() > 0;
}

template<typename Value, typename Output>
void CustomBuildField(TypeList<mpfuzz::fuzz_interface::Json>, Priority<1>, InvokeContext& context, Value&& value,
                      Output&& output)
{
    // See above why this must not throw.
    BuildField(TypeList<std::string>{}, context, output, PrintJson(value, mpfuzz::fuzz_interface::BadUtf8::REPLACE));
}

template<typename Input, typename ReadDest>
decltype(auto) CustomReadField(TypeList<mpfuzz::fuzz_interface::Json>, Priority<1>, InvokeContext&, Input&& input,
                               ReadDest&& read_dest)
{
    return read_dest.update([&](mpfuzz::fuzz_interface::Json& value) {
        const auto text = input.get();
        value = mpfuzz::fuzz_interface::ParseJson({text.begin(), text.size()});
    });
}

//! libmultiprocess's own overload accepts any number.
template<typename Input, typename ReadDest>
decltype(auto) CustomReadField(TypeList<mpfuzz::fuzz_interface::Colour>, Priority<2>, InvokeContext&, Input&& input,
                               ReadDest&& read_dest)
{
    const int32_t number{input.get()};
    if (number < 0 || number >= mpfuzz::fuzz_interface::COLOURS) throw std::runtime_error{"the number is not a colour"};
    return read_dest.construct(static_cast<mpfuzz::fuzz_interface::Colour>(number));
}

template<typename Value, typename Output>
void CustomBuildField(TypeList<mpfuzz::fuzz_interface::TimePoint>, Priority<1>, InvokeContext&, Value&& value,
                      Output&& output)
{
    output.set(value.time_since_epoch().count());
}

template<typename Input, typename ReadDest>
decltype(auto) CustomReadField(TypeList<mpfuzz::fuzz_interface::TimePoint>, Priority<1>, InvokeContext&, Input&& input,
                               ReadDest&& read_dest)
{
    return read_dest.construct(std::chrono::microseconds{input.get()});
}

} // namespace mp
