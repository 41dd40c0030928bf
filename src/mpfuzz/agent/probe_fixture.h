#pragma once

#include <mpfuzz/agent/shared_map.h>

#include <gtest/gtest.h>

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace mpfuzz::agent {

//! A running probe (see probes/): a child process whose commands are done, and which waits to be let go.
class Probe
{
public:
    //! Start it and wait until it says that it is done, or ends.
    //! @param inherited  Descriptor to hand down under its own number; -1 for none.
    Probe(const std::string& path, std::vector<std::string> commands, std::map<std::string, std::string> environment,
          int inherited);
    Probe(const Probe&) = delete;
    Probe& operator=(const Probe&) = delete;
    ~Probe() { Finish(); }

    pid_t Pid() const { return m_pid; }
    //! What it wrote to standard output until it was done.
    const std::string& Output() const { return m_output; }
    //! Let it go and wait. @return Its exit status; -1 where a signal ended it.
    int Finish();
    //! All of its standard error, once it is finished.
    const std::string& Errors() const { return m_errors; }

private:
    pid_t m_pid{-1};
    int m_stdin{-1};
    int m_stderr{-1};
    int m_status{-1};
    std::string m_output;
    std::string m_errors;
};

//! What one probe did, start to end, with a map of its own.
struct ProbeRun {
    std::vector<uint8_t> counters;
    AgentStatus status;
    std::string problem;
    std::string output;
    std::string errors;
    int exit_status{-1};
};

//! File of a probe built by CMake: `<flavour>/<name>`.
std::string ProbePath(const std::string& flavour, const std::string& name);

//! Run a probe with a fresh map; fails the test where there is no map or the counts cannot be collected.
ProbeRun RunProbe(const std::string& path, std::vector<std::string> commands);

//! Number of counters that are not 0.
size_t CountersHit(const ProbeRun& run);

} // namespace mpfuzz::agent

//! Leave the test where a probe was not built, since its compiler is not installed.
#define SKIP_WITHOUT(path) \
    if (access((path).c_str(), R_OK) != 0) GTEST_SKIP() << (path) << " was not built: its compiler is missing or broken"
