#include <mpfuzz/mutate/test_mutator.h>

#include <mpfuzz/program/parse.h>
#include <mpfuzz/program/print.h>
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

generate::Rules ShopRules()
{
    generate::Rules rules;
    rules.main_interface = ShopSchema().FindInterface("Shop").value();
    rules.denied = ShopSchema().MatchMethods("Shop.forbidden");
    rules.may_block = ShopSchema().MatchMethods("Shop.wait");
    return rules;
}

Program MustParse(std::string_view text)
{
    auto parsed{program::Parse(ShopSchema(), text)};
    CHECK(parsed, text, parsed.GetError().message);
    return std::move(*parsed);
}

std::string Print(const Program& program) { return program::Print(ShopSchema(), program); }

std::string Shop(std::string_view lines) { return "c0 = connect\nshop0 = c0.bootstrap Shop\n" + std::string{lines}; }

std::vector<Program> GeneratePrograms(const generate::Rules& rules, uint64_t seed, size_t count)
{
    generate::Generator generator{ShopSchema(), rules, {}};
    base::Rng rng{seed};
    std::vector<Program> programs;
    for (size_t i{0}; i < count; ++i) programs.push_back(generator.Generate(rng));
    return programs;
}

namespace {

//! Tries a mutator once with each seed, on the same program.
class Series
{
public:
    Series(const Bench& bench, Apply apply, std::string_view from)
        : m_bench{bench}, m_apply{apply}, m_from{MustParse(from)},
          m_schema_index{ShopSchema(), bench.rules, bench.domains}, m_generator{ShopSchema(), bench.rules,
                                                                                bench.domains}
    {
        if (!bench.other.empty()) m_other = MustParse(bench.other);
    }

    Program Run(uint64_t seed)
    {
        base::Rng rng{seed};
        Context context{.schema = ShopSchema(),
                        .schema_index = m_schema_index,
                        .generator = m_generator,
                        .rng = rng,
                        .other = m_other ? &*m_other : nullptr,
                        .hints = m_bench.hints ? &m_bench.hints : nullptr,
                        .comparisons = m_bench.comparisons ? &m_bench.comparisons : nullptr};
        Program program{m_from};
        const bool applied{m_apply(program, context)};
        CHECK(applied || program == m_from, Print(program));
        const auto valid{program::Validate(ShopSchema(), program)};
        CHECK(valid, valid.GetError().message);
        return program;
    }

private:
    const Bench& m_bench;
    const Apply m_apply;
    const Program m_from;
    std::optional<Program> m_other;
    const generate::SchemaIndex m_schema_index;
    generate::Generator m_generator;
};

} // namespace

bool Bench::Reaches(Apply apply, std::string_view from, std::string_view to, size_t tries) const
{
    const Program wanted{MustParse(to)};
    Series series{*this, apply, from};
    for (uint64_t seed{0}; seed < tries; ++seed) {
        if (series.Run(seed) == wanted) return true;
    }
    return false;
}

std::vector<std::string> Bench::Results(Apply apply, std::string_view from, size_t tries) const
{
    std::set<std::string> results;
    Series series{*this, apply, from};
    for (uint64_t seed{0}; seed < tries; ++seed) results.insert(Print(series.Run(seed)));
    return {results.begin(), results.end()};
}

} // namespace mpfuzz::mutate
