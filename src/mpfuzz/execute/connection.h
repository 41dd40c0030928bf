#pragma once

#include <mpfuzz/stream/buffered_stream.h>

#include <capnp/rpc-twoparty.h>
#include <kj/async-io.h>

#include <string_view>

namespace mpfuzz::execute {

//! One connection to the target with its RPC state.
class Connection
{
public:
    //! @param fd  A connected socket; owned from now on.
    Connection(kj::AsyncIoContext& io, int fd);

    //! The target's main interface; the same bootstrap request for every caller.
    capnp::Capability::Client Main() { return m_main; }

    //! The connection has ended, and it was not us who closed it.
    bool Broken() const { return m_ended && !m_shut; }
    //! We have sent what may be a reason to close it.
    bool Provoked() const { return m_provoked; }

    //! Send bytes of our own between two messages. From now on the target may close the connection.
    void SendRaw(std::string_view bytes);

    //! Shut down the writing side behind what was sent so far.
    void ShutWrite();

    //! Close the socket under the RPC system's feet: nothing more is sent, not even what was queued.
    void ShutAbruptly();

private:
    int m_fd;
    stream::BufferedStream m_stream;
    capnp::TwoPartyVatNetwork m_network;
    capnp::RpcSystem<capnp::rpc::twoparty::VatId> m_rpc;
    capnp::Capability::Client m_main;
    bool m_shut{false};
    bool m_provoked{false};
    bool m_ended{false};
    kj::Promise<void> m_end;
};

} // namespace mpfuzz::execute
