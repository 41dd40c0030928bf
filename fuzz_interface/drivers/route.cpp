#include <fuzz_interface/drivers/route.h>

#include <fuzz_interface/drivers/socket_pair.h>

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace mpfuzz::fuzz_interface {
namespace {

std::string MakeDirectory()
{
    std::string path{(std::filesystem::temp_directory_path() / "fuzz-interface-XXXXXX").string()};
    if (!mkdtemp(path.data())) throw std::system_error{errno, std::generic_category(), path};
    return path;
}

std::string CallingPath(const std::string& directory) { return directory + "/calling"; }

stream::ListenSocket Listen(const std::string& path)
{
    auto socket{stream::ListenSocket::Open(path)};
    if (!socket) throw std::runtime_error{socket.GetError().message};
    return std::move(*socket);
}

int ConnectTo(const std::string& path)
{
    const auto fd{stream::ConnectUnix(path, std::chrono::seconds{5})};
    if (!fd) throw std::runtime_error{fd.GetError().message};
    return *fd;
}

} // namespace

Route::Route(Way way, const Bugs& bugs)
{
    if (way == Way::PROCESS) {
        m_implementation = MakeImplementation(bugs);
    } else {
        m_partner = std::make_unique<Partner>(bugs);
    }
    if (way == Way::UNIX) {
        m_directory = MakeDirectory();
        m_path = m_directory + "/serving";
        m_serving.emplace(Listen(m_path));
        m_calling.emplace(Listen(CallingPath(m_directory)));
        m_partner->Give(Partner::Role::LISTEN, dup(m_serving->Fd()));
    }
}

Route::Route(std::string path) : m_path{std::move(path)} {}

Route::~Route()
{
    if (m_implementation) m_implementation->Close();
    m_loop.reset();
    m_partner.reset();
    m_serving.reset();
    m_calling.reset();
    if (!m_directory.empty()) rmdir(m_directory.c_str());
}

Loop& Route::GetLoop()
{
    std::call_once(m_loop_needed, [this] { m_loop = MakeLoop(); });
    return *m_loop;
}

std::unique_ptr<FuzzInit> Route::Connect()
{
    return m_implementation ? GetLoop().Pipe(*m_implementation) : GetLoop().Connect(ConnectSocket());
}

int Route::ConnectSocket()
{
    if (!m_path.empty()) return ConnectTo(m_path);
    if (m_partner) {
        const int fd{Give(Partner::Role::SERVE, SocketPair(), 0)};
        if (fd < 0) throw std::runtime_error{"the server's process has ended"};
        return fd;
    }
    const auto [server, client] = SocketPair();
    GetLoop().Serve(server, *m_implementation);
    return client;
}

int Route::HaveCallsMade(uint64_t seed)
{
    if (!m_partner) return -1;
    if (!m_calling) return Give(Partner::Role::CALL, SocketPair(), seed);
    const int theirs{ConnectTo(CallingPath(m_directory))};
    const int ours{accept4(m_calling->Fd(), nullptr, nullptr, SOCK_CLOEXEC)};
    return Give(Partner::Role::CALL, {theirs, ours}, seed);
}

//! @param ends  The other process's, and ours.
//! @return Ours, or -1 where it has ended.
int Route::Give(Partner::Role role, std::pair<int, int> ends, uint64_t seed)
{
    if (m_partner->Give(role, ends.first, seed)) return ends.second;
    close(ends.second);
    return -1;
}

std::string Route::End() { return m_partner ? m_partner->End() : ""; }

} // namespace mpfuzz::fuzz_interface
