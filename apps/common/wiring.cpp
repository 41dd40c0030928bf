#include <apps/common/wiring.h>

#include <domains/bitcoin/domain.h>
#include <domains/multiprocess/domain.h>
#include <mpfuzz/base/text.h>
#include <mpfuzz/schema/load.h>

#include <array>
#include <filesystem>

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

//! Set the queues and the coded postconditions.
base::Status FillLimits(Setup& setup)
{
    setup.limits = {setup.file.rules, {}, {}, {}};
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

//! Parse the postconditions of the target file. An error names the line of the postcondition.
base::Status FillPostconditions(Setup& setup)
{
    for (const execute::PostconditionRule& rule : setup.file.postconditions) {
        auto parsed{observe::ParsePostcondition(*setup.schema, rule.method, rule.holds)};
        if (!parsed) return base::Error{rule.place + ": " + parsed.GetError().message};
        auto& all{setup.limits.postconditions};
        all.insert(all.end(), parsed->begin(), parsed->end());
    }
    return base::Ok();
}

} // namespace

base::Result<Setup> LoadSetup(const std::string& target_toml, const std::vector<std::string>& only)
{
    if (const auto temporary{engine::TemporaryDirectory()}; !temporary) return temporary.GetError();
    auto file{execute::LoadTargetFile(target_toml, BinaryDirectory())};
    if (!file) return file.GetError();
    Setup setup;
    setup.file = std::move(*file);
    auto schema{schema::LoadFiles(setup.file.schema_files, setup.file.import_paths)};
    if (!schema) return schema.GetError();
    setup.schema = *schema;
    base::Status status{LoadDomains(setup)};
    if (status) status = execute::ResolveRules(setup.file, *setup.schema, only);
    if (status) status = FillLimits(setup);
    if (!status) return base::Error{target_toml + ": " + status.GetError().message};
    status = FillPostconditions(setup);
    if (!status) return status.GetError();
    return setup;
}

engine::TargetSpec MakeSpec(const Setup& setup, std::vector<std::string> extra)
{
    return {setup.file, *setup.schema, std::move(extra)};
}

engine::Subject MakeSubject(const Setup& setup, std::vector<std::string> extra)
{
    return {.target = MakeSpec(setup, std::move(extra)), .domains = setup.domains, .limits = setup.limits};
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
