#pragma once

#include <fuzz_interface/drivers/partner.h>
#include <fuzz_interface/interface/binding.h>
#include <fuzz_interface/server/bugs.h>
#include <fuzz_interface/server/implementation.h>

#include <mpfuzz/stream/unix_socket.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace mpfuzz::fuzz_interface {

//! How a driver reaches the other side.
enum class Way : uint8_t {
    PROCESS, //!< it is in the same process, over a pipe of KJ's; where one end is not a binding's, over a socket pair
    SOCKETPAIR, //!< in another process, a socket pair for each connection
    UNIX,       //!< in another process, which listens at a path
};

//! The other side, and connections to it.
class Route
{
public:
    //! To be made while this process has one thread, since it may fork. The loop's thread begins when it is needed.
    //! @param bugs  Of the implementation on the other side.
    //! @throw std::runtime_error where something cannot be set up.
    Route(Way way, const Bugs& bugs);
    //! To a server that somebody else runs, at the path of its Unix socket.
    explicit Route(std::string path);
    ~Route();
    Route(const Route&) = delete;
    Route& operator=(const Route&) = delete;

    Loop& GetLoop();

    //! Be a client. On any thread.
    //! @throw std::runtime_error where the server is gone.
    std::unique_ptr<FuzzInit> Connect();
    //! The same without a binding: a connected socket, the caller's to close.
    int ConnectSocket();

    //! Have arbitrary calls made, by a client in another process.
    //! @return The server's end of the socket, or -1 where there is no such process, or it has ended.
    int HaveCallsMade(uint64_t seed);

    //! End the other process.
    //! @return How it ended, where that was not as it should; else empty.
    std::string End();

private:
    int Give(Partner::Role role, std::pair<int, int> ends, uint64_t seed);

    std::string m_path;      //!< of the server; empty: none listens
    std::string m_directory; //!< of our own sockets; empty: there are none
    std::optional<stream::ListenSocket> m_serving;
    std::optional<stream::ListenSocket> m_calling; //!< where we are the server
    std::unique_ptr<Partner> m_partner;
    std::unique_ptr<Implementation> m_implementation; //!< null: it is elsewhere
    std::once_flag m_loop_needed;
    std::unique_ptr<Loop> m_loop;
};

} // namespace mpfuzz::fuzz_interface
