#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/domain/domain.h>
#include <mpfuzz/engine/fuzzer.h>
#include <mpfuzz/execute/executor.h>
#include <mpfuzz/execute/target.h>
#include <mpfuzz/execute/target_file.h>
#include <mpfuzz/observe/oracles.h>
#include <mpfuzz/schema/schema.h>

#include <memory>
#include <span>
#include <string>
#include <vector>

//! Where concrete domains and targets meet the rest.
namespace mpfuzz::apps {

//! Everything that a target.toml leads to, short of a running target.
struct Setup {
    execute::TargetFile file;
    std::shared_ptr<const schema::Schema> schema;
    std::vector<domain::Domain> domains;
    observe::Limits limits; //!< file.rules, with what observe parses of the file
};

//! Read a target.toml and its schema. Errors say what to change.
//!
//! @param only  Globs of methods to aim at; empty for all.
base::Result<Setup> LoadSetup(const std::string& target_toml, const std::vector<std::string>& only = {});

//! A directory of our own below the system's temporary one, that is gone when we are.
class Scratch
{
public:
    explicit Scratch(execute::Janitor& janitor);
    ~Scratch();
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    const std::string& Path() const { return m_path; }

private:
    execute::Janitor& m_janitor;
    std::string m_path;
};

//! The target that a target.toml describes: started by mpfuzz, or one that runs already.
//!
//! @param extra  Words appended to the target's command line.
std::unique_ptr<execute::Target> MakeTarget(const execute::TargetFile& file, std::vector<std::string> extra,
                                            const std::string& scratch, execute::Janitor& janitor);

//! A target with its executor. Not started yet.
struct Rig final : engine::Lab {
    explicit Rig(const Setup& setup, std::vector<std::string> extra);

    execute::Target& GetTarget() override { return *target; }
    execute::Executor& GetExecutor() override { return executor; }

    execute::Janitor janitor;
    Scratch scratch;
    std::unique_ptr<execute::Target> target;
    execute::Executor executor;
};

//! What a Setup gives an engine to fuzz. Borrows the setup.
engine::Subject MakeSubject(const Setup& setup, std::vector<std::string> extra);

//! Names of all domains that a target.toml can list.
std::span<const std::string> DomainNames();

} // namespace mpfuzz::apps
