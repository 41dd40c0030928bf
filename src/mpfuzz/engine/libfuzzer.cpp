#include <mpfuzz/engine/libfuzzer.h>

#include <mpfuzz/base/check.h>

#include <cstdlib>
#include <utility>

#if MPFUZZ_HAVE_LIBFUZZER

extern "C" int LLVMFuzzerRunDriver(int* argc, char*** argv, int (*run)(const uint8_t* data, size_t size));
extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

namespace mpfuzz::engine {
namespace {

// libFuzzer calls functions by name and passes no context, so the callbacks are global.
LibFuzzerCallbacks g_callbacks;

int RunOne(const uint8_t* data, size_t size)
{
    g_callbacks.run({data, size});
    return 0;
}

} // namespace

bool HaveLibFuzzer() { return true; }

void RunLibFuzzer(const LibFuzzerOptions& options, LibFuzzerCallbacks callbacks)
{
    CHECK(options.seed != 0);
    g_callbacks = std::move(callbacks);
    // Switch off the checks of time, memory, leaks and signals: they would check mpfuzz and not the target.
    std::vector<std::string> words{"mpfuzz", "-verbosity=0", "-runs=-1", "-timeout=0", "-rss_limit_mb=0",
                                   "-malloc_limit_mb=0", "-detect_leaks=0", "-len_control=0",
                                   // Mutate each input of the corpus only once. If a mutated input reached no new
                                   // features, another mutation of it would seldom do so.
                                   "-mutate_depth=1", "-report_slow_units=1000000", "-handle_segv=0", "-handle_bus=0",
                                   "-handle_abrt=0", "-handle_ill=0", "-handle_fpe=0", "-handle_int=0",
                                   "-handle_term=0", "-handle_xfsz=0", "-handle_usr1=0", "-handle_usr2=0",
                                   "-max_len=" + std::to_string(options.max_bytes),
                                   "-seed=" + std::to_string(options.seed), "-reload=1", options.corpus};
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    int argc{static_cast<int>(words.size())};
    char** argv{pointers.data()};
    const int status{LLVMFuzzerRunDriver(&argc, &argv, RunOne)};
    CHECK(false, "libFuzzer ended by itself", status);
    std::abort();
}

size_t LibFuzzerHint(std::span<uint8_t> bytes, size_t max) { return LLVMFuzzerMutate(bytes.data(), bytes.size(), max); }

} // namespace mpfuzz::engine

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned int seed)
{
    return mpfuzz::engine::g_callbacks.mutate({data, max_size}, size, seed);
}

extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t* data1, size_t size1, const uint8_t* data2, size_t size2,
                                            uint8_t* out, size_t max_out_size, unsigned int seed)
{
    return mpfuzz::engine::g_callbacks.cross_over({data1, size1}, {data2, size2}, {out, max_out_size}, seed);
}

#else // a build without libFuzzer's archive

namespace mpfuzz::engine {

bool HaveLibFuzzer() { return false; }

void RunLibFuzzer(const LibFuzzerOptions&, LibFuzzerCallbacks)
{
    CHECK(false, "built without libFuzzer");
    std::abort();
}

size_t LibFuzzerHint(std::span<uint8_t> bytes, size_t) { return bytes.size(); }

} // namespace mpfuzz::engine

#endif
