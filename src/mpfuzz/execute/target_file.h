#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/execute/coverage.h>
#include <mpfuzz/program/program.h>
#include <mpfuzz/trace/trace.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mpfuzz::execute {

//! A glob over `Interface.method` names with the reason why it stands in the file.
struct MethodRule {
    std::string methods;
    std::string reason;
};

//! What the answers to some methods keep: see observe/postcondition.h.
struct PostconditionRule {
    std::string method; //!< glob
    std::string holds;
    std::string reason;
    std::string place; //!< of `holds`, for whoever finds it wrong: FILE:LINE:COLUMN
};

//! How to start a target and where it listens.
//!
//! In `command`, `environment`, `socket`, `template_dir` and `log_files` these are replaced: `{work}` the
//! instance's own directory, `{socket}` its socket, `{dir}` the directory of the target file, `{bin}` the
//! directory of the mpfuzz program, `{env:NAME}` an environment variable.
struct SpawnRule {
    std::vector<std::string> command;
    std::map<std::string, std::string> environment; //!< added to ours
    std::string socket{"{work}/socket"};
    std::string template_dir;           //!< copied into {work} before each start; empty for none
    std::vector<std::string> log_files; //!< read for last words besides standard output and error
    std::chrono::milliseconds ready{10'000};
    CoverageKind coverage{CoverageKind::AGENT};
};

//! A program that drives the target by itself, by name: see engine/driver.h. In it, `{seed}` and `{socket}` stay for
//! each run; the rest is replaced as in SpawnRule, but for `{work}`.
struct DriverRule {
    std::string name;
    std::vector<std::string> command;
};

//! Everything that a target.toml says, checked, with relative paths made absolute.
struct TargetFile {
    std::string path;
    std::string name;

    std::vector<std::string> schema_files;
    std::vector<std::string> import_paths;
    std::string main_interface;

    std::optional<SpawnRule> spawn;
    std::string attach_socket; //!< where `spawn` is absent

    std::vector<std::string> domains;
    std::vector<MethodRule> allowed; //!< where not empty, nothing else is called
    std::vector<MethodRule> denied;
    std::vector<std::string> may_block;         //!< globs
    std::vector<program::Signal::Kind> signals; //!< that programs may send to the process

    std::vector<DriverRule> drivers;

    std::vector<std::string> in_order_by;   //!< paths into parameters, such as `context.thread`
    std::vector<std::string> deterministic; //!< globs
    std::vector<PostconditionRule> postconditions;

    std::chrono::milliseconds reply{5'000};               //!< for the answer to a call that may not block
    std::chrono::milliseconds program{20'000};            //!< for all steps of one program
    std::chrono::milliseconds bootstrap{10'000};          //!< for a fresh connection's main interface
    std::chrono::milliseconds end{10'000};                //!< for the process to end after a signal
    std::chrono::milliseconds canary{1'000};              //!< for the answer to a second client; 0 for no such client
    uint32_t left_threads{trace::DEFAULT_GROWTH.threads}; //!< above those at the start, once all clients have gone
    uint32_t left_descriptors{trace::DEFAULT_GROWTH.descriptors};    //!< the same
    uint32_t left_memory_mb{trace::DEFAULT_GROWTH.memory_kib >> 10}; //!< the same, resident, in MiB
    uint32_t peak_threads{1'000};                                    //!< whatever a program asks for
    uint32_t max_steps{30};
    uint32_t max_connections{3};

    uint32_t restart_every{1'000}; //!< programs between restarts; 0: restart after findings only
};

//! Read a target.toml. Unknown keys, wrong types and missing keys are errors that name the line,
//! and the nearest key that exists.
//!
//! @param bin_dir  What `{bin}` stands for.
base::Result<TargetFile> LoadTargetFile(const std::string& path, const std::string& bin_dir);

} // namespace mpfuzz::execute
