#pragma once

#include <mpfuzz/base/check.h>
#include <mpfuzz/program/print.h>
#include <mpfuzz/program/testing/must_parse.h>
#include <mpfuzz/schema/load.h>
#include <mpfuzz/triage/search.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

//! For tests only.
namespace mpfuzz::triage {

//! Fixture for tests of single passes. Programs use the schemas in program/testdata.
class PassTest : public testing::Test
{
protected:
    PassTest()
    {
        const std::string folder{MPFUZZ_SOURCE_DIR "/src/mpfuzz/program/testdata/"};
        const std::vector<std::string> files{folder + "mining.capnp", folder + "types.capnp"};
        auto schema{schema::LoadFiles(files, {})};
        CHECK(schema, schema ? "" : schema.GetError().message);
        m_schema = *schema;
    }

    program::Program Parsed(const std::string& text) const { return program::MustParse(*m_schema, text); }
    std::string Text(const program::Program& program) const { return program::Print(*m_schema, program); }
    std::string Canonical(const std::string& text) const { return Text(Parsed(text)); }

    //! Runs one pass on a program that fails as long as its text contains all `words`. Sets m_reruns.
    //! @return Text of the smallest program.
    std::string Reduced(std::string_view pass, const std::string& text, std::vector<std::string> words)
    {
        return Reduced(pass, text, [this, words = std::move(words)](const program::Program& program) {
            return std::ranges::all_of(words, [text = Text(program)](const std::string& word) {
                return text.find(word) != std::string::npos;
            });
        });
    }
    std::string Reduced(std::string_view name, const std::string& text, const StillFails& still_fails)
    {
        const program::Program from{Parsed(text)};
        CHECK(still_fails(from), text);
        const MinimizeLimits limits{.max_reruns = 100'000};
        Search search{*m_schema, from, still_fails, limits};
        const auto pass{std::ranges::find(Passes(), name, &Pass::name)};
        CHECK(pass != Passes().end(), name);
        pass->reduce(search);
        const Minimized minimized{std::move(search).Take()};
        m_reruns = minimized.reruns;
        return Text(minimized.program);
    }

    std::shared_ptr<const schema::Schema> m_schema;
    size_t m_reruns{0}; //!< number of reruns in the last call of Reduced()
};

} // namespace mpfuzz::triage
