#include <apps/common/wiring.h>
#include <apps/mpfuzz/campaign_setup.h>
#include <apps/mpfuzz/command.h>
#include <mpfuzz/engine/distill.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include <unistd.h>

namespace mpfuzz::apps {
namespace {

using Clock = std::chrono::steady_clock;

// How often progress is shown: on a terminal, and in a file or pipe.
constexpr Clock::duration REDRAW_EVERY{std::chrono::milliseconds{100}};
constexpr Clock::duration LINE_EVERY{std::chrono::seconds{5}};

} // namespace

int DistillCommand(const DistillOptions& options, const Invocation& invocation)
{
    const auto setup{LoadLiveSetup(options.target)};
    if (!setup) return Complain(setup.GetError().message);
    std::vector<std::string> directories{options.from};
    if (std::ranges::find(directories, options.into) == directories.end() && access(options.into.c_str(), F_OK) == 0)
        directories.push_back(options.into);
    const auto files{engine::ListCorpus(directories)};
    if (!files) return Complain(files.GetError().message);

    const auto subject{MakeSubject(*setup, invocation.extra)};
    engine::FeatureSet features_seen;
    engine::Fuzzer fuzzer{subject, features_seen};
    const bool terminal{isatty(STDERR_FILENO) == 1};
    const auto begin{Clock::now()};
    auto next{begin + (terminal ? Clock::duration::zero() : LINE_EVERY)};
    const auto distilled{engine::Distill(fuzzer, *setup->schema, *files, options.into, [&](size_t read) {
        const auto now{Clock::now()};
        if (now < next) return;
        next = now + (terminal ? REDRAW_EVERY : LINE_EVERY);
        std::fprintf(stderr, "%s%zu of %zu files, %.0f s%s", terminal ? "\r\033[K" : "", read, files->size(),
                     std::chrono::duration<double>(now - begin).count(), terminal ? "" : "\n");
    })};
    if (terminal) std::fputs("\r\033[K", stderr);
    if (!distilled) return Complain(distilled.GetError().message);
    if (const std::string problem{fuzzer.TakeCoverageProblem()}; distilled->programs > 0 && !problem.empty())
        std::fprintf(stderr, "no coverage, only the outcomes of calls were used: %s\n", problem.c_str());
    std::printf("kept %zu of %zu programs in %s: %zu features\n", distilled->kept, distilled->programs,
                options.into.c_str(), distilled->features);
    if (distilled->findings > 0)
        std::printf("%zu programs were left out because they show a finding\n", distilled->findings);
    if (const size_t others{distilled->read - distilled->programs - distilled->findings}; others > 0)
        std::printf("%zu files contain no program\n", others);
    return distilled->findings > 0 ? EXIT_FINDINGS : EXIT_NOTHING_FOUND;
}

} // namespace mpfuzz::apps
