#include <apps/common/wiring.h>

#include <domains/bitcoin/domain.h>
#include <domains/multiprocess/domain.h>
#include <mpfuzz/base/check.h>
#include <mpfuzz/base/text.h>
#include <mpfuzz/schema/load.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>

namespace mpfuzz::apps {
namespace {

namespace fs = std::filesystem;

struct DomainEntry {
    std::string name;
    domain::Domain (*make)();
};

// The only list of domains.
const std::array<DomainEntry, 2>& DomainTable()
{
    static const std::array<DomainEntry, 2> TABLE{{
        {"multiprocess", domains::multiprocess::MakeDomain},
        {"bitcoin", domains::bitcoin::MakeDomain},
    }};
    return TABLE;
}

std::string BinaryDirectory() { return fs::read_symlink("/proc/self/exe").parent_path().string(); }

//! All methods that any of the globs matches. A glob without a match is an error: it is a typo, or the
//! schema has changed.
base::Result<std::vector<schema::MethodRef>> Resolve(const schema::Schema& schema,
                                                     const std::vector<std::string>& globs)
{
    std::vector<schema::MethodRef> methods;
    for (const std::string& glob : globs) {
        const auto matched{schema.MatchMethods(glob)};
        if (matched.empty()) {
            std::vector<std::string> names;
            for (uint32_t i{0}; i < schema.Interfaces().size(); ++i) {
                for (uint32_t m{0}; m < schema.GetInterface(i).methods.size(); ++m)
                    names.push_back(schema.MethodName({i, m}));
            }
            return base::Error{"no method matches `" + glob + "`" + base::DidYouMean(glob, names)};
        }
        methods.insert(methods.end(), matched.begin(), matched.end());
    }
    return methods;
}

std::vector<std::string> Globs(const std::vector<execute::MethodRule>& rules)
{
    std::vector<std::string> globs;
    for (const auto& rule : rules) globs.push_back(rule.methods);
    return globs;
}

base::Status LoadDomains(Setup& setup)
{
    for (const std::string& name : setup.file.domains) {
        const auto& table{DomainTable()};
        const auto entry{
            std::find_if(table.begin(), table.end(), [&](const DomainEntry& e) { return e.name == name; })};
        if (entry == table.end()) {
            const auto names{DomainNames()};
            return base::Error{"there is no domain `" + name + "`" +
                               base::DidYouMean(name, std::vector<std::string>{names.begin(), names.end()})};
        }
        setup.domains.push_back(entry->make());
    }
    return base::Ok();
}

base::Status FillRules(Setup& setup, const std::vector<std::string>& only)
{
    const auto main{setup.schema->FindInterface(setup.file.main_interface)};
    if (!main) {
        std::vector<std::string> names;
        for (const auto& interface : setup.schema->Interfaces()) names.push_back(interface.name);
        return base::Error{"the schema has no interface `" + setup.file.main_interface +
                           "` (main_interface in [schema])" + base::DidYouMean(setup.file.main_interface, names)};
    }
    const auto denied{Resolve(*setup.schema, Globs(setup.file.denied))};
    const auto allowed{Resolve(*setup.schema, Globs(setup.file.allowed))};
    const auto may_block{Resolve(*setup.schema, setup.file.may_block)};
    const auto goals{Resolve(*setup.schema, only)};
    for (const auto* resolved : {&denied, &allowed, &may_block, &goals}) {
        if (!*resolved) return resolved->GetError();
    }
    setup.rules.main_interface = *main;
    setup.rules.denied = *denied;
    if (!allowed->empty()) {
        for (const auto ref : setup.schema->MatchMethods("*")) {
            if (std::find(allowed->begin(), allowed->end(), ref) == allowed->end()) setup.rules.denied.push_back(ref);
        }
    }
    setup.rules.may_block = *may_block;
    setup.rules.only = *goals;
    setup.rules.max_steps = setup.file.max_steps;
    setup.rules.max_connections = setup.file.max_connections;
    setup.limits.may_block = *may_block;
    setup.deadlines.reply = setup.file.reply;
    setup.deadlines.program = setup.file.program;
    setup.deadlines.bootstrap = setup.file.bootstrap;
    setup.deadlines.may_block = *may_block;
    setup.deadlines.end = setup.file.end;
    setup.deadlines.canary = setup.file.canary;
    setup.limits.max_growth = setup.deadlines.max_growth = {.threads = setup.file.left_threads,
                                                            .descriptors = setup.file.left_descriptors,
                                                            .memory_kib = uint64_t{setup.file.left_memory_mb} << 10};
    setup.limits.peak_threads = setup.file.peak_threads;
    setup.rules.signals = setup.file.signals;
    setup.deadlines.signals = setup.file.signals;
    return base::Ok();
}

//! What the target promises of its answers.
base::Status FillPromises(Setup& setup)
{
    const auto deterministic{Resolve(*setup.schema, setup.file.deterministic)};
    if (!deterministic) return deterministic.GetError();
    setup.limits.deterministic = *deterministic;
    for (const std::string& path : setup.file.in_order_by) {
        const auto queues{observe::ParseQueues(*setup.schema, path)};
        if (!queues) return base::Error{"`in_order_by` in [rules]: " + queues.GetError().message};
        setup.limits.queues.insert(setup.limits.queues.end(), queues->begin(), queues->end());
    }
    for (const domain::Domain& domain : setup.domains) {
        auto& coded{setup.limits.coded_postconditions};
        coded.insert(coded.end(), domain.postconditions.begin(), domain.postconditions.end());
    }
    return base::Ok();
}

//! Errors name their line.
base::Status FillPostconditions(Setup& setup)
{
    for (const execute::PostconditionRule& rule : setup.file.postconditions) {
        auto bound{observe::ParsePostcondition(*setup.schema, rule.method, rule.holds)};
        if (!bound) return base::Error{rule.place + ": " + bound.GetError().message};
        auto& all{setup.limits.postconditions};
        all.insert(all.end(), bound->begin(), bound->end());
    }
    return base::Ok();
}

std::unique_ptr<execute::Target> MakeTarget(const Setup& setup, std::vector<std::string> extra,
                                            const std::string& scratch, execute::Janitor& janitor)
{
    if (setup.file.spawn) return execute::MakeSpawnedTarget(setup.file, std::move(extra), scratch, janitor);
    return execute::MakeAttachedTarget(setup.file);
}

} // namespace

base::Result<Setup> LoadSetup(const std::string& target_toml, const std::vector<std::string>& only)
{
    auto file{execute::LoadTargetFile(target_toml, BinaryDirectory())};
    if (!file) return file.GetError();
    Setup setup;
    setup.file = std::move(*file);
    auto schema{schema::LoadFiles(setup.file.schema_files, setup.file.import_paths)};
    if (!schema) return schema.GetError();
    setup.schema = *schema;
    base::Status status{LoadDomains(setup)};
    if (status) status = FillRules(setup, only);
    if (status) status = FillPromises(setup);
    if (!status) return base::Error{target_toml + ": " + status.GetError().message};
    if (auto bound{FillPostconditions(setup)}; !bound) return bound.GetError();
    return setup;
}

Scratch::Scratch(execute::Janitor& janitor) : m_janitor{janitor}
{
    m_path = (fs::temp_directory_path() / "mpfuzz-XXXXXX").string();
    CHECK(mkdtemp(m_path.data()), m_path, std::strerror(errno));
    m_janitor.AddDirectory(m_path);
}

Scratch::~Scratch()
{
    std::error_code ignored;
    fs::remove_all(m_path, ignored);
    m_janitor.RemoveDirectory(m_path);
}

Rig::Rig(const Setup& setup, std::vector<std::string> extra)
    : scratch{janitor}, target{MakeTarget(setup, std::move(extra), scratch.Path(), janitor)}, executor{*setup.schema,
                                                                                                       *target,
                                                                                                       setup.deadlines}
{
}

engine::Subject MakeSubject(const Setup& setup, std::vector<std::string> extra)
{
    return {.schema = *setup.schema,
            .rules = setup.rules,
            .domains = setup.domains,
            .limits = setup.limits,
            .restart_every = setup.file.restart_every,
            .make_lab = [&setup, extra = std::move(extra)] { return std::make_unique<Rig>(setup, extra); }};
}

std::span<const std::string> DomainNames()
{
    static const auto NAMES{[] {
        std::vector<std::string> names;
        for (const DomainEntry& entry : DomainTable()) names.push_back(entry.name);
        return names;
    }()};
    return NAMES;
}

} // namespace mpfuzz::apps
