#include <apps/mpfuzz/run_driver.h>

#include <apps/mpfuzz/command.h>
#include <apps/mpfuzz/finding_line.h>
#include <mpfuzz/base/text.h>

#include <algorithm>
#include <cstdio>

#include <unistd.h>

namespace mpfuzz::apps {
namespace {

base::Result<engine::Driver> FindDriver(const Setup& setup, const std::string& name,
                                        const std::vector<std::string>& extra)
{
    const auto& drivers{setup.file.drivers};
    const auto found{std::ranges::find(drivers, name, &execute::DriverRule::name)};
    if (found == drivers.end()) {
        std::vector<std::string> names;
        for (const auto& driver : drivers) names.push_back(driver.name);
        return base::Error{setup.file.path + ": there is no `" + name + "` in [drivers]" +
                           base::DidYouMean(name, names)};
    }
    engine::Driver driver{.name = found->name, .command = found->command};
    if (!engine::NeedsTarget(driver)) driver.command.insert(driver.command.end(), extra.begin(), extra.end());
    return driver;
}

} // namespace

int RunWithDriver(const Setup& setup, const std::string& name, const std::vector<std::string>& extra,
                  engine::DriverOptions options)
{
    const auto driver{FindDriver(setup, name, extra)};
    if (!driver) return Complain(driver.GetError().message);
    Rig rig{setup, extra};
    options.scratch = rig.scratch.Path();
    const bool terminal{isatty(STDERR_FILENO) == 1};
    const auto clear{[&] {
        if (terminal) std::fputs("\r\033[K", stderr);
    }};
    const auto result{engine::RunDriver(*driver, *rig.target, options,
                                        {.on_run =
                                             [&](uint64_t runs, std::chrono::milliseconds elapsed) {
                                                 if (!terminal) return;
                                                 std::fprintf(stderr, "\r\033[K%s: %llu runs in %.0f s", name.c_str(),
                                                              static_cast<unsigned long long>(runs),
                                                              std::chrono::duration<double>(elapsed).count());
                                             },
                                         .on_finding =
                                             [&](const engine::FindingReport& finding) {
                                                 clear();
                                                 if (finding.occurrences == 1)
                                                     std::fprintf(stderr, "%s\n", FindingLine(finding).c_str());
                                             }})};
    clear();
    if (!result) return Complain(result.GetError().message);
    std::printf("%llu runs of the driver %s in %.1f s\n", static_cast<unsigned long long>(result->runs), name.c_str(),
                std::chrono::duration<double>(result->elapsed).count());
    if (result->findings.empty()) std::printf("no findings\n");
    for (const auto& finding : result->findings) std::printf("%s\n", FindingLine(finding).c_str());
    return result->findings.empty() ? EXIT_NOTHING_FOUND : EXIT_FINDINGS;
}

} // namespace mpfuzz::apps
