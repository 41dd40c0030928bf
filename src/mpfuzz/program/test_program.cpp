#include <mpfuzz/program/test_program.h>

#include <mpfuzz/program/testing/must_parse.h>
#include <mpfuzz/schema/load.h>

#include <array>

namespace mpfuzz::program {

const schema::Schema& TestSchema()
{
    static const auto SCHEMA{[] {
        const std::string folder{MPFUZZ_SOURCE_DIR "/src/mpfuzz/program/testdata/"};
        auto loaded{schema::LoadFiles(std::array{folder + "mining.capnp", folder + "types.capnp"}, {})};
        return std::move(*loaded);
    }()};
    return *SCHEMA;
}

Program MustParse(std::string_view text) { return MustParse(TestSchema(), text); }

std::string ErrorOf(std::string_view text)
{
    const auto parsed{Parse(TestSchema(), text)};
    return parsed ? "no error" : parsed.GetError().message;
}

} // namespace mpfuzz::program
