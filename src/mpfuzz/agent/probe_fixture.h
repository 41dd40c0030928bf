#pragma once

#include <mpfuzz/agent/shared_map.h>

#include <gtest/gtest.h>

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace mpfuzz::agent {

//! A running probe (see probes/): a child process that has executed its commands and waits for Finish.
class Probe
{
public:
    //! Start it and wait until it reports that it has executed its commands, or ends.
    //! @param inherited  Descriptor that it inherits under the same number; -1 for none.
    Probe(const std::string& path, std::vector<std::string> commands, std::map<std::string, std::string> environment,
          int inherited);
    Probe(const Probe&) = delete;
    Probe& operator=(const Probe&) = delete;
    ~Probe() { Finish(); }

    pid_t Pid() const { return m_pid; }
    //! Its standard output.
    const std::string& Output() const { return m_output; }
    //! Let it end and wait for it. @return Its exit status; -1 if a signal ended it.
    int Finish();
    //! Its standard error. Complete after Finish.
    const std::string& Errors() const { return m_errors; }

private:
    pid_t m_pid{-1};
    int m_stdin{-1};
    int m_stderr{-1};
    int m_status{-1};
    std::string m_output;
    std::string m_errors;
};

//! The result of one probe that ran from start to end with its own map.
struct ProbeRun {
    std::vector<uint8_t> counters;
    AgentStatus status;
    std::string problem;
    std::string output;
    std::string errors;
    int exit_status{-1};
};

//! Path of a probe built by CMake: `<flavour>/<name>`.
std::string ProbePath(const std::string& flavour, const std::string& name);

//! Run a probe with a new map. Fails the test if there is no map or the counts cannot be collected.
ProbeRun RunProbe(const std::string& path, std::vector<std::string> commands);

//! Number of counters that are not 0.
size_t CountersHit(const ProbeRun& run);

} // namespace mpfuzz::agent

//! Skip the test if a probe was not built because its compiler is not installed.
#define SKIP_WITHOUT(path) \
    if (access((path).c_str(), R_OK) != 0) GTEST_SKIP() << (path) << " was not built: its compiler is missing or broken"
