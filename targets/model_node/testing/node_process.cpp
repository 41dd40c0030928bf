#include <targets/model_node/testing/node_process.h>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <stdexcept>

namespace mpfuzz::model_node {

NodeProcess::NodeProcess(const std::vector<std::string>& arguments)
{
    std::vector<std::string> words{MPFUZZ_BIN_DIR "/model_node", "--socket", m_directory.Path("socket")};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);

    std::array<int, 2> pipe_fds;
    if (pipe2(pipe_fds.data(), O_CLOEXEC) != 0) throw std::runtime_error{"pipe2 failed"};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pipe_fds[1], STDERR_FILENO);
    const int error{posix_spawn(&m_pid, argv[0], &actions, nullptr, argv.data(), environ)};
    posix_spawn_file_actions_destroy(&actions);
    close(pipe_fds[1]);
    m_error_fd = pipe_fds[0];
    if (error != 0) throw std::runtime_error{"posix_spawn failed"};
}

NodeProcess::~NodeProcess()
{
    if (m_pid > 0) {
        kill(m_pid, SIGKILL);
        waitpid(m_pid, nullptr, 0);
    }
    close(m_error_fd);
}

int NodeProcess::Connect() const
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path{m_directory.Path("socket")};
    std::memcpy(address.sun_path, path.data(), path.size());
    while (true) {
        const int fd{socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) return fd;
        close(fd);
        // The server does not listen yet, or has failed: then its standard error is closed.
        pollfd end{.fd = m_error_fd, .events = 0, .revents = 0};
        if (poll(&end, 1, /*timeout=*/2) != 0) throw std::runtime_error{"model_node does not start"};
    }
}

void NodeProcess::Terminate() const { kill(m_pid, SIGTERM); }

ProcessEnd NodeProcess::Stop()
{
    Terminate();
    return WaitForEnd();
}

ProcessEnd NodeProcess::WaitForEnd()
{
    ProcessEnd end;
    std::array<char, 4096> buffer;
    ssize_t size;
    while ((size = read(m_error_fd, buffer.data(), buffer.size())) > 0) {
        end.error_output.append(buffer.data(), static_cast<size_t>(size));
    }
    int status{0};
    waitpid(m_pid, &status, 0);
    m_pid = -1;
    if (WIFEXITED(status)) end.exit_status = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) end.signal = WTERMSIG(status);
    return end;
}

size_t NodeProcess::CountThreads() const
{
    size_t count{0};
    const std::filesystem::path tasks{"/proc/" + std::to_string(m_pid) + "/task"};
    for ([[maybe_unused]] const auto& task : std::filesystem::directory_iterator{tasks}) ++count;
    return count;
}

Client::Client(kj::AsyncIoContext& io, const NodeProcess& node)
    : m_io{io}, m_stream{io.lowLevelProvider->wrapSocketFd(node.Connect(),
                                                           kj::LowLevelAsyncIoProvider::TAKE_OWNERSHIP)},
      m_rpc{std::make_unique<capnp::TwoPartyClient>(*m_stream)}, m_init{m_rpc->bootstrap().castAs<messages::Init>()},
      m_threads{m_init.constructRequest().send().getThreadMap()}
{
}

multiprocess::Thread::Client Client::MakeThread(const std::string& name)
{
    auto request{m_threads.makeThreadRequest()};
    request.setName(name.c_str());
    return request.send().getResult();
}

messages::Mining::Client Client::MakeMining(multiprocess::Thread::Client thread)
{
    return With(m_init.makeMiningRequest(), kj::mv(thread)).send().getResult();
}

messages::Echo::Client Client::MakeEcho(multiprocess::Thread::Client thread)
{
    return With(m_init.makeEchoRequest(), kj::mv(thread)).send().getResult();
}

void Client::LeaveAndAwaitDisconnect()
{
    m_stream->shutdownWrite();
    WaitForDisconnect();
    Leave();
}

void Client::Leave()
{
    m_threads = nullptr;
    m_init = nullptr;
    m_rpc = nullptr;
    m_stream = nullptr;
}

} // namespace mpfuzz::model_node
