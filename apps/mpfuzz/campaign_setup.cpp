#include <apps/mpfuzz/campaign_setup.h>

#include <mpfuzz/base/text.h>
#include <mpfuzz/engine/differ.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace mpfuzz::apps {
namespace {

class AnyRunner final : public engine::TriageRunner
{
public:
    AnyRunner(const Setup& setup, std::vector<std::string> words, std::function<bool()> stop)
        : m_setup{setup}, m_words{std::move(words)}, m_stop{std::move(stop)}
    {
    }

    Findings RunFresh(const triage::StoredFinding& finding, const program::Program& program) override
    {
        if (auto made{Make(finding.record)}; !made) return made.GetError();
        return m_runner->RunFresh(finding, program);
    }

    Findings Screen(const triage::StoredFinding& finding, const program::Program& program) override
    {
        if (auto made{Make(finding.record)}; !made) return made.GetError();
        return m_runner->Screen(finding, program);
    }

    uint64_t TargetStarts() const override { return m_earlier_starts + (m_runner ? m_runner->TargetStarts() : 0); }

private:
    //! Make the runner for a finding, unless it exists. A thread can have only one target at a time.
    base::Status Make(const triage::Record& record)
    {
        const std::string need{record.driver.empty() ? "program " + record.other_toml : "driver " + record.driver};
        if (m_runner && need == m_need) return base::Ok();
        m_earlier_starts = TargetStarts();
        m_runner.reset();
        m_need = need;
        if (!record.driver.empty()) {
            auto driver{FindDriver(m_setup, record.driver, m_words)};
            if (!driver) return driver.GetError();
            m_runner = std::make_unique<engine::DriverRunner>(std::move(*driver), MakeSpec(m_setup, m_words), m_stop);
        } else if (!record.other_toml.empty()) {
            auto second{LoadSecond(m_setup, record.other_toml)};
            if (!second) return second.GetError();
            m_second.emplace(std::move(*second));
            m_runner = std::make_unique<engine::Differ>(m_setup.limits, MakeSpec(m_setup, {}),
                                                        MakeSpec(*m_second, m_words), RESTART_EVERY);
        } else {
            m_runner = std::make_unique<engine::ProgramRunner>(MakeSpec(m_setup, m_words), m_setup.limits);
        }
        return base::Ok();
    }

    const Setup& m_setup;
    std::vector<std::string> m_words;
    std::function<bool()> m_stop;
    std::string m_need; //!< what m_runner is for
    std::optional<Setup> m_second;
    std::unique_ptr<engine::TriageRunner> m_runner;
    uint64_t m_earlier_starts{0};
};

} // namespace

base::Result<Setup> LoadLiveSetup(const std::string& target_toml, const std::vector<std::string>& only)
{
    auto setup{LoadSetup(target_toml, only)};
    if (setup && !setup->file.spawn) {
        std::fprintf(stderr,
                     "warning: mpfuzz fuzzes the live server at %s: it may change the server's data, and end it\n",
                     setup->file.attach_socket.c_str());
    }
    return setup;
}

triage::Record MakeBlueprint(const Setup& setup, const std::string& target, uint64_t seed, const Invocation& invocation)
{
    triage::Record blueprint;
    blueprint.schema_hash = setup.schema->Hash();
    blueprint.seed = seed;
    blueprint.target_toml = target;
    blueprint.extra_arguments = invocation.extra;
    blueprint.command_line = invocation.words;
    const auto& spawn{setup.file.spawn};
    blueprint.environment = triage::CollectEnvironment(spawn ? spawn->command.at(0) : "");
    if (spawn && !spawn->version_command.empty())
        blueprint.environment.target_version = triage::FirstLineOf(spawn->version_command);
    return blueprint;
}

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

base::Result<Setup> LoadSecond(const Setup& first, const std::string& target_toml)
{
    auto second{LoadSetup(target_toml)};
    if (!second) return second.GetError();
    second->schema = first.schema;
    second->limits = first.limits;
    second->file.rules.may_block = first.file.rules.may_block;
    return second;
}

std::unique_ptr<engine::TriageRunner> MakeAnyRunner(const Setup& setup, std::vector<std::string> words,
                                                    std::function<bool()> stop)
{
    return std::make_unique<AnyRunner>(setup, std::move(words), std::move(stop));
}

} // namespace mpfuzz::apps
