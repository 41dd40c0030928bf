// A stand-alone libFuzzer binary. It fuzzes one target and aborts on a finding, as OSS-Fuzz, ClusterFuzz and the
// options -merge, -minimize_crash and -fork of libFuzzer expect.
#include <apps/common/wiring.h>
#include <mpfuzz/base/check.h>
#include <mpfuzz/program/print.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

namespace mpfuzz::apps {
namespace {

//! Options of this program. They begin with two dashes, because libFuzzer ignores such words.
struct Options {
    std::string target{MPFUZZ_DEFAULT_TARGET};
    std::vector<std::string> extra;
};

Options ReadOptions(int argc, char** argv)
{
    constexpr std::string_view TARGET{"--target="}, WORD{"--target-word="};
    Options options;
    if (const char* target{std::getenv("MPFUZZ_TARGET")}) options.target = target;
    for (int i{1}; i < argc; ++i) {
        const std::string_view word{argv[i]};
        if (word.starts_with(TARGET)) options.target = word.substr(TARGET.size());
        if (word.starts_with(WORD)) options.extra.emplace_back(word.substr(WORD.size()));
    }
    return options;
}

[[noreturn]] void Fail(const std::string& error)
{
    std::fprintf(stderr, "mpfuzz: %s\n", error.c_str());
    std::exit(2);
}

struct State {
    explicit State(Setup made, std::vector<std::string> extra)
        : setup{std::move(made)}, subject{MakeSubject(setup, std::move(extra))}, fuzzer{subject, features_seen}
    {
    }

    Setup setup;
    engine::Subject subject;
    engine::FeatureSet features_seen;
    engine::Fuzzer fuzzer;
};

// Global, because libFuzzer calls its functions without a context.
std::unique_ptr<State> g_state;

std::string_view Text(const uint8_t* data, size_t size) { return {reinterpret_cast<const char*>(data), size}; }

[[noreturn]] void Report(const observe::Finding& finding)
{
    const schema::Schema& schema{*g_state->setup.schema};
    std::fprintf(stderr, "==== mpfuzz: %s\n%s\n%s\n%s\n", observe::Describe(finding.identity).c_str(),
                 program::Print(schema, finding.program).c_str(),
                 trace::Print(schema, finding.program, finding.trace).c_str(), finding.trace.ending.log_tail.c_str());
    g_state->fuzzer.Close();
    std::abort();
}

size_t Copy(const std::string& text, uint8_t* out)
{
    std::ranges::copy(text, out);
    return text.size();
}

} // namespace
} // namespace mpfuzz::apps

using mpfuzz::apps::g_state;

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv)
{
    const auto options{mpfuzz::apps::ReadOptions(*argc, *argv)};
    if (options.target.empty()) mpfuzz::apps::Fail("no target: use --target=target.toml, or set MPFUZZ_TARGET");
    auto setup{mpfuzz::apps::LoadSetup(options.target)};
    if (!setup) mpfuzz::apps::Fail(setup.GetError().message);
    g_state = std::make_unique<mpfuzz::apps::State>(std::move(*setup), options.extra);
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    auto& fuzzer{g_state->fuzzer};
    const auto text{mpfuzz::apps::Text(data, size)};
    const bool was_made{fuzzer.GetMutator().TakeMade()};
    const auto program{fuzzer.Read(text)};
    if (!program) {
        fuzzer.MarkNoProgram();
        return 0;
    }
    const auto result{fuzzer.Run(*program)};
    if (!result) mpfuzz::apps::Fail(result.GetError().message);
    if (const std::string problem{fuzzer.TakeCoverageProblem()}; !problem.empty())
        std::fprintf(stderr, "mpfuzz: no coverage: %s\n", problem.c_str());
    if (!result->findings.empty()) mpfuzz::apps::Report(result->findings.front());
    if (was_made && !result->new_features.empty()) fuzzer.GetMutator().MadeBroughtFeatures();
    return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned int seed)
{
    const auto hints{
        [](std::span<uint8_t> bytes, size_t max) { return LLVMFuzzerMutate(bytes.data(), bytes.size(), max); }};
    return mpfuzz::apps::Copy(
        g_state->fuzzer.GetMutator().Mutate(mpfuzz::apps::Text(data, size), max_size, seed, hints), data);
}

extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t* data1, size_t size1, const uint8_t* data2, size_t size2,
                                            uint8_t* out, size_t max_out_size, unsigned int seed)
{
    return mpfuzz::apps::Copy(g_state->fuzzer.GetMutator().CrossOver(mpfuzz::apps::Text(data1, size1),
                                                                     mpfuzz::apps::Text(data2, size2), max_out_size,
                                                                     seed),
                              out);
}

extern "C" const char* __asan_default_options() { return "detect_stack_use_after_return=0"; }
