#include <mpfuzz/mutate/test_mutator.h>

#include <mpfuzz/program/print.h>
#include <mpfuzz/program/testing/must_parse.h>
#include <mpfuzz/program/validate.h>
#include <mpfuzz/schema/load.h>

#include <array>
#include <optional>
#include <set>

namespace mpfuzz::mutate {

using program::Program;

const schema::Schema& ShopSchema()
{
    static const auto SCHEMA{[] {
        const std::array<std::string, 1> files{MPFUZZ_SOURCE_DIR "/src/mpfuzz/mutate/testdata/shop.capnp"};
        auto loaded{schema::LoadFiles(files, {})};
        CHECK(loaded, loaded.GetError().message);
        return std::move(*loaded);
    }()};
    return *SCHEMA;
}

program::TargetRules ShopRules()
{
    program::TargetRules rules;
    rules.main_interface = ShopSchema().FindInterface("Shop").value();
    rules.denied = ShopSchema().MatchMethods("Shop.forbidden");
    rules.may_block = ShopSchema().MatchMethods("Shop.wait");
    return rules;
}

Program MustParse(std::string_view text) { return program::MustParse(ShopSchema(), text); }

std::string Print(const Program& program) { return program::Print(ShopSchema(), program); }

std::string Canonical(std::string_view text) { return Print(MustParse(text)); }

std::string Shop(std::string_view lines) { return "c0 = connect\nshop0 = c0.bootstrap Shop\n" + std::string{lines}; }

std::string Add(std::string_view arguments)
{
    return Shop("enter0 = shop0.enter()\nenter0.cart.add(" + std::string{arguments} + ")\n");
}

std::vector<Program> GeneratePrograms(const program::TargetRules& rules, uint64_t seed, size_t count)
{
    generate::Generator generator{ShopSchema(), rules, {}};
    base::Rng rng{seed};
    std::vector<Program> programs;
    for (size_t i{0}; i < count; ++i) programs.push_back(generator.Generate(rng));
    return programs;
}

namespace {

//! Applies a mutator to the same program again and again, each time with another seed.
class Series
{
public:
    Series(const MutatorTester& tester, Apply apply, std::string_view from)
        : m_tester{tester}, m_apply{apply}, m_from{MustParse(from)}
    {
        if (!tester.other.empty()) m_other = MustParse(tester.other);
    }

    Program Try(uint64_t seed)
    {
        base::Rng rng{seed};
        Context context{.schema = ShopSchema(),
                        .schema_index = m_schema_index,
                        .generator = m_generator,
                        .rng = rng,
                        .other = m_other ? &*m_other : nullptr,
                        .hints = m_tester.hints ? &m_tester.hints : nullptr,
                        .comparisons = m_tester.comparisons ? &m_tester.comparisons : nullptr};
        Program program{m_from};
        const bool applied{m_apply(program, context)};
        CHECK(applied || program == m_from, Print(program));
        const auto valid{program::Validate(ShopSchema(), program)};
        CHECK(valid, valid.GetError().message);
        return program;
    }

private:
    const MutatorTester& m_tester;
    const Apply m_apply;
    const Program m_from;
    std::optional<Program> m_other;
    const generate::SchemaIndex m_schema_index{ShopSchema(), m_tester.rules, m_tester.domains};
    generate::Generator m_generator{ShopSchema(), m_tester.rules, m_tester.domains};
};

} // namespace

bool MutatorTester::Reaches(Apply apply, std::string_view from, std::string_view to, size_t tries) const
{
    const Program wanted{MustParse(to)};
    Series series{*this, apply, from};
    for (uint64_t seed{0}; seed < tries; ++seed) {
        if (series.Try(seed) == wanted) return true;
    }
    return false;
}

std::vector<std::string> MutatorTester::Results(Apply apply, std::string_view from, size_t tries) const
{
    std::set<std::string> results;
    Series series{*this, apply, from};
    for (uint64_t seed{0}; seed < tries; ++seed) results.insert(Print(series.Try(seed)));
    return {results.begin(), results.end()};
}

} // namespace mpfuzz::mutate
