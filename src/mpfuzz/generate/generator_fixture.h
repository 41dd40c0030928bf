#pragma once

#include <mpfuzz/generate/generator.h>
#include <mpfuzz/schema/load.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mpfuzz::generate {

//! Generators over test_schema.capnp.
class GeneratorTest : public testing::Test
{
protected:
    static void SetUpTestSuite()
    {
        const std::array<std::string, 1> files{MPFUZZ_SOURCE_DIR "/src/mpfuzz/generate/test_schema.capnp"};
        auto loaded{schema::LoadFiles(files, {})};
        CHECK(loaded, loaded.GetError().message);
        s_schema = *loaded;
    }

    const schema::Schema& GetSchema() const { return *s_schema; }
    schema::MethodRef Method(std::string_view name) const
    {
        const auto found{s_schema->MatchMethods(name)};
        CHECK(found.size() == 1, name);
        return found[0];
    }
    Rules MakeRules() const
    {
        Rules rules;
        rules.main_interface = *s_schema->FindInterface("Root");
        rules.denied = {Method("Root.forbidden")};
        rules.may_block = {Method("Store.watch")};
        return rules;
    }
    //! Programs of a fresh generator.
    std::vector<program::Program> Generate(Rules rules, uint64_t seed, size_t count) const
    {
        Generator generator{*s_schema, std::move(rules), {}};
        base::Rng rng{seed};
        std::vector<program::Program> programs;
        for (size_t i{0}; i < count; ++i) programs.push_back(generator.Generate(rng));
        return programs;
    }

    static inline std::shared_ptr<const schema::Schema> s_schema;
};

//! Visit every value in a program's calls and Serve steps, what objects of ours answer included.
inline void ForEachValue(const program::Program& program, const std::function<void(const program::Value&)>& visit)
{
    std::function<void(const program::Value&)> walk;
    const auto walk_fields{[&](const std::vector<program::FieldValue>& fields) {
        for (const program::FieldValue& field : fields) walk(field.value);
    }};
    const auto walk_object{[&](const program::ServedObject& object) {
        for (const program::Reaction& reaction : object.reactions) walk_fields(reaction.results);
    }};
    walk = [&](const program::Value& value) {
        visit(value);
        if (const auto* fields = value.As<program::StructValue>()) walk_fields(fields->fields);
        if (const auto* list = value.As<program::ListValue>()) std::ranges::for_each(list->elements, walk);
        if (const auto* repeat = value.As<program::RepeatValue>()) std::ranges::for_each(repeat->element, walk);
        if (const auto* any = value.As<program::AnyValue>()) std::ranges::for_each(any->value, walk);
        if (const auto* object = value.As<program::ServedObject>()) walk_object(*object);
    };
    for (const program::Step& step : program.steps) {
        if (const auto* call = std::get_if<program::Call>(&step)) walk_fields(call->arguments.fields);
        if (const auto* serve = std::get_if<program::Serve>(&step)) walk_object(serve->object);
    }
}

} // namespace mpfuzz::generate
