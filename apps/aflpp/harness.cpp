// The program that afl-fuzz runs. It uses the fork server protocol of AFL++ but does not fork for each input. It runs
// the input on the target, and copies the coverage of the target to the shared memory of AFL++. It reports a finding as
// a crash of this program.
//
//   afl-fuzz -i seeds -o out -- mpfuzz_afl target.toml @@
#include <apps/common/wiring.h>
#include <mpfuzz/base/digest.h>
#include <mpfuzz/engine/fuzzer.h>

#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

namespace mpfuzz::apps {
namespace {

// From AFL++'s include/config.h and include/types.h: the descriptor of the commands, the descriptor of the answers, and
// the first answer, which contains the size of the map.
constexpr int COMMANDS{198};
constexpr int ANSWERS{COMMANDS + 1};
constexpr uint32_t HELLO{0x80000001 | 0x40000000 | (uint32_t{engine::COUNTERS - 1} << 1)};

constexpr int EXIT_NOTHING_FOUND{0};
constexpr int EXIT_FINDINGS{1};
constexpr int EXIT_USER_MISTAKE{2};

int Complain(const std::string& message)
{
    std::fprintf(stderr, "mpfuzz_afl: %s\n", message.c_str());
    return EXIT_USER_MISTAKE;
}

bool Send(uint32_t word) { return write(ANSWERS, &word, sizeof(word)) == sizeof(word); }

bool Receive()
{
    uint32_t word;
    return read(COMMANDS, &word, sizeof(word)) == sizeof(word);
}

//! A process that does nothing. To afl-fuzz it is the program under test: if an input takes too long, afl-fuzz kills
//! it.
class DecoyProcess
{
public:
    ~DecoyProcess() { End(); }

    //! The process id. If the process was killed, starts a new one.
    pid_t Pid()
    {
        if (m_pid > 0 && waitpid(m_pid, nullptr, WNOHANG) == m_pid) m_pid = -1;
        if (m_pid > 0) return m_pid;
        m_pid = fork();
        if (m_pid == 0) {
            for (;;) pause();
        }
        return m_pid;
    }

private:
    void End() const
    {
        if (m_pid <= 0) return;
        kill(m_pid, SIGKILL);
        waitpid(m_pid, nullptr, 0);
    }

    pid_t m_pid{-1};
};

std::string ReadInput(const std::string& path)
{
    if (!path.empty()) {
        std::ifstream file{path, std::ios::binary};
        return {std::istreambuf_iterator<char>{file}, {}};
    }
    // Standard input is a file. afl-fuzz writes each input to it.
    lseek(STDIN_FILENO, 0, SEEK_SET);
    std::string bytes;
    char buffer[65'536];
    for (ssize_t n; (n = read(STDIN_FILENO, buffer, sizeof(buffer))) > 0;) bytes.append(buffer, static_cast<size_t>(n));
    return bytes;
}

//! @return A wait status: 0, or SIGABRT if there is a finding.
int RunInput(engine::Fuzzer& fuzzer, const std::string& input)
{
    const auto program{fuzzer.Read(input)};
    if (!program) {
        fuzzer.MarkNoProgram();
        return 0;
    }
    const auto result{fuzzer.Run(*program)};
    if (!result) {
        Complain(result.GetError().message);
        std::exit(EXIT_USER_MISTAKE);
    }
    if (result->findings.empty()) return 0;
    const auto& finding{result->findings.front()};
    std::fprintf(stderr, "%s\n", observe::Describe(finding.identity).c_str());
    // AFL++ distinguishes crashes by their coverage, so give each title a feature.
    engine::TheCounters().outcomes[base::Digest64(finding.identity.title) % observe::OUTCOME_COUNTERS] = 1;
    return SIGABRT;
}

int Serve(engine::Fuzzer& fuzzer, const std::string& input, uint8_t* map)
{
    DecoyProcess decoy;
    while (Receive()) {
        if (!Send(static_cast<uint32_t>(decoy.Pid()))) break;
        const int status{RunInput(fuzzer, ReadInput(input))};
        std::ranges::copy(engine::TheCounters().all, map);
        // AFL++ rejects a program with an empty map as not instrumented.
        map[0] = std::max<uint8_t>(map[0], 1);
        if (!Send(static_cast<uint32_t>(status))) break;
    }
    return 0;
}

int Main(int argc, char** argv)
{
    if (argc < 2)
        return Complain("usage: mpfuzz_afl TARGET.toml [INPUT] [-- WORD…]    (see docs/howto/other-engines.md)");
    const auto setup{LoadSetup(argv[1])};
    if (!setup) return Complain(setup.GetError().message);
    const bool has_input{argc > 2 && std::strcmp(argv[2], "--") != 0};
    const int words{has_input ? 3 : 2};
    const bool has_words{argc > words && std::strcmp(argv[words], "--") == 0};
    std::vector<std::string> extra(argv + (has_words ? words + 1 : argc), argv + argc);
    std::signal(SIGPIPE, SIG_IGN);

    const auto subject{MakeSubject(*setup, std::move(extra))};
    engine::FeatureSet features_seen;
    engine::Fuzzer fuzzer{subject, features_seen};
    const std::string input{has_input ? argv[2] : ""};
    const char* id{std::getenv("__AFL_SHM_ID")};
    // If afl-fuzz has not started this program, run the input once.
    if (!id || !Send(HELLO)) return RunInput(fuzzer, ReadInput(input)) == 0 ? EXIT_NOTHING_FOUND : EXIT_FINDINGS;
    void* const map{shmat(std::atoi(id), nullptr, 0)};
    if (map == reinterpret_cast<void*>(-1)) return Complain("AFL++'s shared memory cannot be attached");
    return Serve(fuzzer, input, static_cast<uint8_t*>(map));
}

} // namespace
} // namespace mpfuzz::apps

extern "C" const char* __asan_default_options() { return "detect_stack_use_after_return=0"; }

int main(int argc, char** argv) { return mpfuzz::apps::Main(argc, argv); }
