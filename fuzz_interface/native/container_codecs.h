// The codecs of lists, sets, maps, pairs and tuples, and of the structs of fuzz.capnp.
#pragma once

#include <fuzz_interface/interface/values.h>
#include <fuzz_interface/native/exchange.h>
#include <fuzz_interface/native/value_codecs.h>

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <unordered_set>
#include <utility>
#include <vector>

namespace mpfuzz::fuzz_interface::native {

template<typename T, typename Container>
void BuildList(Exchange& exchange, const Container& container, auto output)
{
    auto list{output.Init(container.size())};
    unsigned index{0};
    for (const auto& element : container) {
        Codec<T>::Build(exchange, element, ElementOutput<decltype(list)>{list, index});
        ++index;
    }
}

//! Calls `take` with each element.
template<typename T>
void ReadList(Exchange& exchange, auto input, auto take)
{
    for (auto element : input.Get()) take(Codec<T>::Read(exchange, ElementInput<decltype(element)>{element}));
}

template<typename T>
struct Codec<std::vector<T>> {
    static void Build(Exchange& exchange, const std::vector<T>& value, auto output)
    {
        BuildList<T>(exchange, value, output);
    }
    static std::vector<T> Read(Exchange& exchange, auto input)
    {
        std::vector<T> value;
        value.reserve(input.Get().size());
        ReadList<T>(exchange, input, [&](T element) { value.push_back(std::move(element)); });
        return value;
    }
};

template<typename Set, typename T>
struct SetCodec {
    static void Build(Exchange& exchange, const Set& value, auto output) { BuildList<T>(exchange, value, output); }
    static Set Read(Exchange& exchange, auto input)
    {
        Set value;
        ReadList<T>(exchange, input, [&](T element) { value.insert(std::move(element)); });
        return value;
    }
};

template<typename T>
struct Codec<std::set<T>> : SetCodec<std::set<T>, T> {
};

template<typename T>
struct Codec<std::unordered_set<T>> : SetCodec<std::unordered_set<T>, T> {
};

//! A struct with the fields `first` and `second`.
template<typename Pair, typename First, typename Second>
struct PairCodec {
    static void Build(Exchange& exchange, const auto& value, auto output)
    {
        auto pair{output.Init()};
        Codec<First>::Build(exchange, std::get<0>(value), OutputOf<field::First>(pair));
        Codec<Second>::Build(exchange, std::get<1>(value), OutputOf<field::Second>(pair));
    }
    static Pair Read(Exchange& exchange, auto input)
    {
        const auto pair{input.Get()};
        auto first{Codec<First>::Read(exchange, InputOf<field::First>(pair))};
        return {std::move(first), Codec<Second>::Read(exchange, InputOf<field::Second>(pair))};
    }
};

template<typename First, typename Second>
struct Codec<std::pair<First, Second>> : PairCodec<std::pair<First, Second>, First, Second> {
};

template<typename First, typename Second>
struct Codec<std::tuple<First, Second>> : PairCodec<std::tuple<First, Second>, First, Second> {
};

//! A list of pairs. If a key occurs twice, the last value counts, as in libmultiprocess if it updates an existing
//! value.
template<typename Key, typename T>
struct Codec<std::map<Key, T>> {
    using Pair = std::pair<Key, T>;
    static void Build(Exchange& exchange, const std::map<Key, T>& value, auto output)
    {
        BuildList<Pair>(exchange, value, output);
    }
    static std::map<Key, T> Read(Exchange& exchange, auto input)
    {
        std::map<Key, T> value;
        ReadList<Pair>(exchange, input,
                       [&](Pair pair) { value.insert_or_assign(std::move(pair.first), std::move(pair.second)); });
        return value;
    }
};

template<>
struct Codec<fuzz_interface::Settings> {
    using Forced = std::map<std::string, fuzz_interface::Json>;
    using CommandLine = std::map<std::string, std::vector<fuzz_interface::Json>>;
    static void Build(Exchange& exchange, const fuzz_interface::Settings& value, auto output)
    {
        auto settings{output.Init()};
        Codec<Forced>::Build(exchange, value.forced, OutputOf<field::Forced>(settings));
        Codec<CommandLine>::Build(exchange, value.command_line, OutputOf<field::CommandLine>(settings));
    }
    static fuzz_interface::Settings Read(Exchange& exchange, auto input)
    {
        const auto settings{input.Get()};
        auto forced{Codec<Forced>::Read(exchange, InputOf<field::Forced>(settings))};
        return {std::move(forced), Codec<CommandLine>::Read(exchange, InputOf<field::CommandLine>(settings))};
    }
};

template<>
struct Codec<fuzz_interface::FuzzError> {
    static void Build(Exchange& exchange, const fuzz_interface::FuzzError& value, auto output)
    {
        auto error{output.Init()};
        Codec<int32_t>::Build(exchange, value.code, OutputOf<field::Code>(error));
        Codec<std::string>::Build(exchange, value.message, OutputOf<field::Message>(error));
    }
    static fuzz_interface::FuzzError Read(Exchange& exchange, auto input)
    {
        const auto error{input.Get()};
        const int32_t code{Codec<int32_t>::Read(exchange, InputOf<field::Code>(error))};
        return {code, Codec<std::string>::Read(exchange, InputOf<field::Message>(error))};
    }
};

} // namespace mpfuzz::fuzz_interface::native
