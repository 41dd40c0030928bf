// JSON values, and structs of our own.
#pragma once

#include <fuzz_interface/interface/values.h>
#include <fuzz_interface/native/containers.h>
#include <fuzz_interface/native/json_text.h>
#include <fuzz_interface/native/numbers.h>
#include <fuzz_interface/native/text.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace mpfuzz::fuzz_interface::native {

template<>
struct Codec<fuzz_interface::Json> {
    static void Build(Exchange&, const fuzz_interface::Json& value, auto output) { PutBytes(PrintJson(value), output); }
    static fuzz_interface::Json Read(Exchange& exchange, auto input)
    {
        return ParseJson(Codec<std::string>::Read(exchange, input));
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
