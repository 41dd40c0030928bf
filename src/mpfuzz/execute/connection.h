#pragma once

#include <mpfuzz/stream/buffered_stream.h>

#include <capnp/rpc-twoparty.h>
#include <kj/async-io.h>

namespace mpfuzz::execute {

//! One connection to the target with its RPC state.
class Connection
{
public:
    //! @param fd  A connected socket; owned from now on.
    Connection(kj::AsyncIoContext& io, int fd);

    //! The target's main interface; the same bootstrap request for every caller.
    capnp::Capability::Client Main() { return m_main; }

    //! Close the socket under the RPC system's feet: nothing more is sent, not even what was queued.
    void ShutAbruptly();

private:
    int m_fd;
    stream::BufferedStream m_stream;
    capnp::TwoPartyVatNetwork m_network;
    capnp::RpcSystem<capnp::rpc::twoparty::VatId> m_rpc;
    capnp::Capability::Client m_main;
};

} // namespace mpfuzz::execute
