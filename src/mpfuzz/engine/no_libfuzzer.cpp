#include <mpfuzz/engine/libfuzzer.h>

#include <mpfuzz/base/check.h>

#include <cstdlib>

// For a build without libFuzzer's archive.
namespace mpfuzz::engine {

bool HaveLibFuzzer() { return false; }

void RunLibFuzzer(const LibFuzzerOptions&, LibFuzzerCallbacks)
{
    CHECK(false, "built without libFuzzer");
    std::abort();
}

size_t LibFuzzerHint(std::span<uint8_t> bytes, size_t) { return bytes.size(); }

} // namespace mpfuzz::engine
