#include <mpfuzz/agent/probe_fixture.h>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>

namespace mpfuzz::agent {
namespace {

struct Pipe {
    Pipe() { EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0); }
    int ends[2]{-1, -1};
};

std::vector<std::string> ProbeEnvironment(const std::map<std::string, std::string>& added)
{
    std::vector<std::string> variables;
    for (char** entry{environ}; *entry; ++entry) {
        // Remove variables that a fuzzer may have set, because the tests may run under one.
        if (!std::string_view{*entry}.starts_with("MPFUZZ_") && !std::string_view{*entry}.starts_with("__AFL")) {
            variables.emplace_back(*entry);
        }
    }
    for (const auto& [name, value] : added) variables.push_back(name + "=" + value);
    return variables;
}

std::vector<char*> Pointers(std::vector<std::string>& words)
{
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    return pointers;
}

//! Reads until the end of file, or until the text ends with `stop`.
std::string ReadUntil(int fd, std::string_view stop)
{
    std::string text;
    char buffer[4096];
    while (stop.empty() || !text.ends_with(stop)) {
        const ssize_t got{read(fd, buffer, sizeof(buffer))};
        if (got <= 0) break;
        text.append(buffer, static_cast<size_t>(got));
    }
    return text;
}

} // namespace

Probe::Probe(const std::string& path, std::vector<std::string> commands, std::map<std::string, std::string> environment,
             int inherited)
{
    commands.insert(commands.begin(), path);
    std::vector<std::string> variables{ProbeEnvironment(environment)};
    const std::vector<char*> argv{Pointers(commands)};
    const std::vector<char*> envp{Pointers(variables)};
    Pipe in, out, err;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in.ends[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out.ends[1], 1);
    posix_spawn_file_actions_adddup2(&actions, err.ends[1], 2);
    // To duplicate the descriptor to its own number clears close-on-exec in the child.
    if (inherited >= 0) posix_spawn_file_actions_adddup2(&actions, inherited, inherited);
    EXPECT_EQ(posix_spawn(&m_pid, path.c_str(), &actions, nullptr, argv.data(), envp.data()), 0) << path;
    posix_spawn_file_actions_destroy(&actions);
    close(in.ends[0]);
    close(out.ends[1]);
    close(err.ends[1]);
    m_stdin = in.ends[1];
    m_stderr = err.ends[0];
    m_output = ReadUntil(out.ends[0], "done\n");
    close(out.ends[0]);
}

int Probe::Finish()
{
    if (m_stdin < 0) return m_status;
    close(m_stdin);
    m_stdin = -1;
    m_errors = ReadUntil(m_stderr, {});
    close(m_stderr);
    int status{0};
    waitpid(m_pid, &status, 0);
    m_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return m_status;
}

std::string ProbePath(const std::string& flavour, const std::string& name)
{
    return std::string{MPFUZZ_PROBES_DIR} + "/" + flavour + "/" + name;
}

ProbeRun RunProbe(const std::string& path, std::vector<std::string> commands)
{
    ProbeRun run;
    std::error_code error;
    std::optional<SharedMap> map{SharedMap::Create(error)};
    EXPECT_TRUE(map) << error.message();
    if (!map) return run;
    Probe probe{path, std::move(commands), map->Environment(), map->Fd()};
    EXPECT_EQ(map->Collect(), std::error_code{});
    run.exit_status = probe.Finish();
    run.counters.assign(map->Counters().begin(), map->Counters().end());
    run.status = map->Status();
    run.problem = map->Problem();
    run.output = probe.Output();
    run.errors = probe.Errors();
    return run;
}

size_t CountersHit(const ProbeRun& run)
{
    return static_cast<size_t>(std::ranges::count_if(run.counters, [](uint8_t counter) { return counter != 0; }));
}

} // namespace mpfuzz::agent
