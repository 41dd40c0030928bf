// A custom mutator for AFL++. It mutates, crosses over and trims programs in the same way as mpfuzz.
//
//   MPFUZZ_TARGET=target.toml AFL_CUSTOM_MUTATOR_LIBRARY=libmpfuzz_aflpp.so AFL_CUSTOM_MUTATOR_ONLY=1 afl-fuzz …
#include <apps/common/wiring.h>
#include <mpfuzz/engine/corpus.h>
#include <mpfuzz/engine/text_mutator.h>
#include <mpfuzz/program/print.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace mpfuzz::apps {
namespace {

//! The state that afl_custom_init returns. AFL++ passes it to each call. The result of a call is valid until the next.
struct AflMutator {
    AflMutator(Setup made, uint64_t seed) : setup{std::move(made)}, seeds{seed} {}

    Setup setup;
    engine::TextMutator mutator{*setup.schema, setup.file.rules, setup.domains};
    base::Rng seeds;
    std::string result;
    std::optional<engine::Trimmer> trimmer;
};

std::string_view Text(const uint8_t* data, size_t size) { return {reinterpret_cast<const char*>(data), size}; }

size_t ReturnText(AflMutator& mutator, std::string text, uint8_t** out)
{
    mutator.result = std::move(text);
    *out = reinterpret_cast<uint8_t*>(mutator.result.data());
    return mutator.result.size();
}

} // namespace
} // namespace mpfuzz::apps

using mpfuzz::apps::AflMutator;
using mpfuzz::apps::ReturnText;
using mpfuzz::apps::Text;

//! @param afl  The state of AFL++; not used.
extern "C" void* afl_custom_init(void* /*afl*/, unsigned int seed)
{
    const char* target{std::getenv("MPFUZZ_TARGET")};
    if (!target) {
        std::fprintf(stderr, "mpfuzz: MPFUZZ_TARGET is not set: it must be the path of a target.toml\n");
        return nullptr;
    }
    auto setup{mpfuzz::apps::LoadSetup(target)};
    if (!setup) {
        std::fprintf(stderr, "mpfuzz: %s\n", setup.GetError().message.c_str());
        return nullptr;
    }
    return new AflMutator{std::move(*setup), seed};
}

extern "C" void afl_custom_deinit(void* data) { delete static_cast<AflMutator*>(data); }

extern "C" size_t afl_custom_fuzz(void* data, uint8_t* in, size_t size, uint8_t** out, uint8_t* other,
                                  size_t other_size, size_t max_size)
{
    auto& mutator{*static_cast<AflMutator*>(data)};
    const uint64_t seed{mutator.seeds.Next()};
    if (!other || other_size == 0)
        return ReturnText(mutator, mutator.mutator.Mutate(Text(in, size), max_size, seed), out);
    return ReturnText(mutator, mutator.mutator.CrossOver(Text(in, size), Text(other, other_size), max_size, seed), out);
}

extern "C" int32_t afl_custom_init_trim(void* data, uint8_t* in, size_t size)
{
    auto& mutator{*static_cast<AflMutator*>(data)};
    mutator.trimmer.emplace(mutator.mutator.Read(Text(in, size)), size);
    mutator.trimmer->Advance(*mutator.setup.schema);
    // If the result is not 0, AFL++ calls afl_custom_trim for the first candidate. So return 0 if there is none.
    const auto& trimmer{*mutator.trimmer};
    return static_cast<int32_t>(trimmer.Done() < trimmer.Total() ? trimmer.Total() : 0);
}

extern "C" size_t afl_custom_trim(void* data, uint8_t** out)
{
    auto& mutator{*static_cast<AflMutator*>(data)};
    return ReturnText(mutator, mutator.trimmer->Candidate(), out);
}

extern "C" int32_t afl_custom_post_trim(void* data, unsigned char success)
{
    auto& mutator{*static_cast<AflMutator*>(data)};
    mutator.trimmer->Judged(success != 0);
    mutator.trimmer->Advance(*mutator.setup.schema);
    return static_cast<int32_t>(mutator.trimmer->Done());
}
