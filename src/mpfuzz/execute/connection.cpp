#include <mpfuzz/execute/connection.h>

#include <capnp/message.h>

#include <sys/socket.h>

namespace mpfuzz::execute {
namespace {

capnp::Capability::Client AskForMain(capnp::RpcSystem<capnp::rpc::twoparty::VatId>& rpc)
{
    capnp::MallocMessageBuilder message{4};
    auto vat{message.initRoot<capnp::rpc::twoparty::VatId>()};
    vat.setSide(capnp::rpc::twoparty::Side::SERVER);
    return rpc.bootstrap(vat);
}

} // namespace

Connection::Connection(kj::AsyncIoContext& io, int fd)
    : m_fd{fd}, m_stream{io.lowLevelProvider->wrapSocketFd(fd, kj::LowLevelAsyncIoProvider::TAKE_OWNERSHIP |
                                                                   kj::LowLevelAsyncIoProvider::ALREADY_NONBLOCK |
                                                                   kj::LowLevelAsyncIoProvider::ALREADY_CLOEXEC),
                         stream::Writes::GATHERED},
      m_network{m_stream, capnp::rpc::twoparty::Side::CLIENT}, m_rpc{capnp::makeRpcClient(m_network)},
      m_main{AskForMain(m_rpc)}, m_end{
                                     m_network.onDisconnect().then([this] { m_ended = true; }).eagerlyEvaluate(nullptr)}
{
}

void Connection::SendRaw(std::string_view bytes)
{
    m_provoked = true;
    // Behind the messages that were sent so far, each of which is one write. An error shows with the next of them.
    m_stream.write(bytes.data(), bytes.size()).detach([](kj::Exception&&) {});
}

void Connection::ShutWrite()
{
    m_provoked = true;
    m_stream.shutdownWrite();
}

void Connection::ShutAbruptly()
{
    m_shut = true;
    shutdown(m_fd, SHUT_RDWR);
}

} // namespace mpfuzz::execute
