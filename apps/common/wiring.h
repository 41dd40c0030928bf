#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/domain/domain.h>
#include <mpfuzz/engine/fuzzer.h>
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

//! What the target of a setup is made from. Borrows the setup.
//!
//! @param extra  Words appended to the target's command line.
engine::TargetSpec MakeSpec(const Setup& setup, std::vector<std::string> extra);

//! The target of a setup as the engine needs it. Borrows the setup.
engine::Subject MakeSubject(const Setup& setup, std::vector<std::string> extra);

//! Names of all domains that a target.toml can use.
std::span<const std::string> DomainNames();

} // namespace mpfuzz::apps
