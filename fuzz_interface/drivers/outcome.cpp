#include <fuzz_interface/drivers/outcome.h>

namespace mpfuzz::fuzz_interface {

bool Matches(const Thrown& expected, const Thrown& got)
{
    if (expected.kind != got.kind) return false;
    const bool exactly{expected.words_count || expected.kind == Thrown::Kind::TYPED};
    return !exactly || expected.error == got.error;
}

std::string Show(const Thrown& thrown)
{
    switch (thrown.kind) {
    case Thrown::Kind::TYPED:
        return "throw FuzzError " + std::to_string(thrown.error.code) + " " + Show(thrown.error.message);
    case Thrown::Kind::STANDARD: return "throw std::exception " + Show(thrown.error.message);
    case Thrown::Kind::OTHER: break;
    }
    return "throw what is neither a FuzzError nor a std::exception";
}

} // namespace mpfuzz::fuzz_interface
