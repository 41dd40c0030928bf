#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/execute/coverage.h>
#include <mpfuzz/program/target_rules.h>
#include <mpfuzz/schema/schema.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mpfuzz::execute {

//! A glob over `Interface.method` names, and the reason that the file gives for it.
struct MethodRule {
    std::string methods;
    std::string reason;
};

//! What the answers to some methods must fulfil: see observe/postcondition.h.
struct PostconditionRule {
    std::string method; //!< glob
    std::string holds;
    std::string reason;
    std::string place; //!< position of `holds` for error messages: FILE:LINE:COLUMN
};

//! How to start a target, and where it listens.
//!
//! These placeholders are replaced in `command`, `version_command`, `environment`, `socket`, `template_dir` and
//! `log_files`: `{work}` is the work directory of the process, `{socket}` its socket, `{dir}` the directory of the
//! target file, `{bin}` the directory of the mpfuzz program, `{env:NAME}` an environment variable. Not all of them are
//! known in every key.
struct SpawnRule {
    std::vector<std::string> command;
    std::map<std::string, std::string> environment; //!< added to the environment of mpfuzz
    std::string socket{"{work}/socket"};
    std::vector<std::string> version_command; //!< prints the target's version and ends; may be empty
    std::string template_dir;                 //!< copied into {work} before each start; may be empty
    std::vector<std::string> log_files;       //!< read for the log tail, besides standard output and standard error
    std::chrono::milliseconds ready{10'000};
    CoverageKind coverage{CoverageKind::AGENT};
};

//! A named program that drives the target instead of mpfuzz's own programs: see engine/driver.h. `{seed}` and
//! `{socket}` are replaced before each run; the other placeholders as in SpawnRule, except `{work}`.
struct DriverRule {
    std::string name;
    std::vector<std::string> command;
};

//! The content of a target.toml, checked. Relative paths have been made absolute.
struct TargetFile {
    std::string path;
    std::string name;

    std::vector<std::string> schema_files;
    std::vector<std::string> import_paths;
    std::string main_interface;

    std::optional<SpawnRule> spawn;
    std::string attach_socket; //!< if there is no `spawn`

    std::vector<std::string> domains;
    std::vector<MethodRule> allowed; //!< if not empty, all other methods are denied
    std::vector<MethodRule> denied;
    std::vector<std::string> may_block;     //!< globs
    std::vector<std::string> deterministic; //!< globs
    std::vector<std::string> in_order_by;   //!< paths into parameters, such as `context.thread`
    std::vector<PostconditionRule> postconditions;

    //! LoadTargetFile sets the numbers and `signals`. ResolveRules sets the methods and the main interface.
    program::TargetRules rules;

    std::vector<DriverRule> drivers;

    uint32_t restart_every{1'000}; //!< programs between restarts; 0: restart only after a finding
};

//! Reads a target.toml. An unknown key or placeholder, a wrong type and a missing key are errors; the message names
//! the file, and for an unknown name the most similar one that exists.
//!
//! @param given    Path of the file, or of the directory with a target.toml.
//! @param bin_dir  The directory that replaces `{bin}`.
base::Result<TargetFile> LoadTargetFile(const std::string& given, const std::string& bin_dir);

//! Finds the methods of the schema that the file's globs match, and writes them to `file.rules`. It is an error if the
//! schema has no such main interface, or if a glob matches no method.
//!
//! @param only  Globs for TargetRules::only; empty: programs may call any method that is not denied.
base::Status ResolveRules(TargetFile& file, const schema::Schema& schema, const std::vector<std::string>& only = {});

} // namespace mpfuzz::execute
