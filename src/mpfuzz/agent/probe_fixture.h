#pragma once

#include <mpfuzz/agent/shared_map.h>

#include <gtest/gtest.h>

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace mpfuzz::agent {

//! A running probe (see probes/): a child process that has executed its commands and waits for Finish().
class Probe
{
public:
    //! Starts the probe, and waits until it has executed its commands or has ended.
    //! @param inherited  Descriptor that the probe inherits with the same number; -1 for none.
    Probe(const std::string& path, std::vector<std::string> commands, std::map<std::string, std::string> environment,
          int inherited);
    Probe(const Probe&) = delete;
    Probe& operator=(const Probe&) = delete;
    ~Probe() { Finish(); }

    pid_t Pid() const { return m_pid; }
    //! The probe's standard output.
    const std::string& Output() const { return m_output; }
    //! Lets the probe end and waits for it. @return Its exit status; -1 if a signal ended it.
    int Finish();
    //! The probe's standard error. Complete after Finish().
    const std::string& Errors() const { return m_errors; }

private:
    pid_t m_pid{-1};
    int m_stdin{-1};
    int m_stderr{-1};
    int m_status{-1};
    std::string m_output;
    std::string m_errors;
};

//! The result of a probe that ran from start to end with its own map.
struct ProbeRun {
    std::vector<uint8_t> counters;
    AgentStatus status;
    std::string problem;
    std::string output;
    std::string errors;
    int exit_status{-1};
};

//! Path of a probe. A flavour is a compiler with its options: see probes/CMakeLists.txt.
std::string ProbePath(const std::string& flavour, const std::string& name);

//! Runs a probe with a new map. Fails the test if no map can be created or the counts cannot be collected.
ProbeRun RunProbe(const std::string& path, std::vector<std::string> commands);

//! Number of counters that are not 0.
size_t CountersHit(const ProbeRun& run);

} // namespace mpfuzz::agent

//! Skips the test if a probe was not built because its compiler is not installed.
#define SKIP_WITHOUT(path) \
    if (access((path).c_str(), R_OK) != 0) GTEST_SKIP() << (path) << " was not built: its compiler is missing or broken"
