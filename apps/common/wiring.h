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

//! Creates what a target.toml describes: schema, domains, oracles and the target.
namespace mpfuzz::apps {

//! A target.toml with everything that mpfuzz reads for it before the target starts.
struct Setup {
    execute::TargetFile file;
    std::shared_ptr<const schema::Schema> schema;
    std::vector<domain::Domain> domains;
    observe::Limits limits; //!< file.rules, and what observe parses from the file
};

//! Read a target.toml and its schema. An error says what to change.
//!
//! @param only  Globs: programs are generated to call these methods; empty: all methods.
base::Result<Setup> LoadSetup(const std::string& target_toml, const std::vector<std::string>& only = {});

//! A new directory below the temporary directory of the system. The destructor removes it.
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

//! The target that a target.toml describes. mpfuzz starts it, or it runs already.
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

//! The target of a setup as the engine needs it. Borrows the setup.
engine::Subject MakeSubject(const Setup& setup, std::vector<std::string> extra);

//! Names of all domains that a target.toml can use.
std::span<const std::string> DomainNames();

} // namespace mpfuzz::apps
