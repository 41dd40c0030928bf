#pragma once

#include <mpfuzz/base/check.h>
#include <mpfuzz/generate/generator.h>
#include <mpfuzz/program/visit.h>
#include <mpfuzz/schema/load.h>

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mpfuzz::generate {

//! Makes generators for test_schema.capnp.
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
    program::TargetRules MakeRules() const
    {
        program::TargetRules rules;
        rules.main_interface = *s_schema->FindInterface("Root");
        rules.denied = {Method("Root.forbidden")};
        rules.may_block = {Method("Store.watch")};
        return rules;
    }
    //! Programs of a new generator.
    std::vector<program::Program> Generate(program::TargetRules rules, uint64_t seed, size_t count) const
    {
        Generator generator{*s_schema, std::move(rules), {}};
        base::Rng rng{seed};
        std::vector<program::Program> programs;
        for (size_t i{0}; i < count; ++i) programs.push_back(generator.Generate(rng));
        return programs;
    }

    static inline std::shared_ptr<const schema::Schema> s_schema;
};

//! Visits every value in a program's calls, messages and Serve steps, including the results of served objects.
inline void VisitAllValues(const program::Program& program, const std::function<void(const program::Value&)>& visit)
{
    for (const program::Step& step : program.steps) program::ForEachValue(step, visit);
}

} // namespace mpfuzz::generate
