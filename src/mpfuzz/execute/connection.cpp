#include <mpfuzz/execute/connection.h>

#include <capnp/rpc.capnp.h>
#include <capnp/serialize-async.h>

#include <sys/socket.h>

namespace mpfuzz::execute {
namespace {

constexpr kj::Duration TICK{20 * kj::MILLISECONDS};

kj::TimePoint Now() { return kj::systemPreciseMonotonicClock().now(); }

kj::Own<kj::AsyncIoStream> WrapSocket(kj::AsyncIoContext& io, int fd)
{
    using Provider = kj::LowLevelAsyncIoProvider;
    return io.lowLevelProvider->wrapSocketFd(fd, Provider::TAKE_OWNERSHIP | Provider::ALREADY_NONBLOCK |
                                                     Provider::ALREADY_CLOEXEC);
}

capnp::Capability::Client AskForMain(capnp::RpcSystem<capnp::rpc::twoparty::VatId>& rpc)
{
    capnp::MallocMessageBuilder message{4};
    auto vat{message.initRoot<capnp::rpc::twoparty::VatId>()};
    vat.setSide(capnp::rpc::twoparty::Side::SERVER);
    return rpc.bootstrap(vat);
}

} // namespace

kj::TimePoint Deadline(std::chrono::milliseconds from_now) { return Now() + from_now.count() * kj::MILLISECONDS; }

Connection::Connection(kj::AsyncIoContext& io, int fd)
    : m_fd{fd}, m_stream{WrapSocket(io, fd), stream::Writes::GATHERED}, m_network{m_stream,
                                                                                  capnp::rpc::twoparty::Side::CLIENT},
      m_rpc{capnp::makeRpcClient(m_network)}, m_main{AskForMain(m_rpc)}, m_main_arrives{nullptr}, m_end{nullptr}
{
    m_main_arrives = m_main.whenResolved().then([this] { m_has_main = true; }).eagerlyEvaluate([](kj::Exception&&) {});
    m_end = m_network.onDisconnect().then([this] { m_ended = true; }).eagerlyEvaluate(nullptr);
}

void Connection::SendRaw(std::string_view bytes)
{
    m_may_be_closed = true;
    // The bytes follow the messages that were sent so far: each message is one write. The next message reports an
    // error, if there is one.
    m_stream.write(bytes.data(), bytes.size()).detach([](kj::Exception&&) {});
}

void Connection::ShutWrite()
{
    m_may_be_closed = true;
    m_stream.shutdownWrite();
}

void Connection::ShutAbruptly()
{
    m_shut = true;
    shutdown(m_fd, SHUT_RDWR);
}

Canary::Canary(kj::AsyncIoContext& io, int fd)
    : m_io{io}, m_stream{WrapSocket(io, fd)}, m_sent{Now()}, m_last_tick{m_sent},
      m_not_running{0 * kj::SECONDS}, m_waited{0 * kj::SECONDS}
{
    m_reading = Read().eagerlyEvaluate([this](kj::Exception&&) {
        m_state = trace::Canary::LOST;
        KJ_IF_MAYBE (changed, m_changed) (*changed)->fulfill();
    });
}

void Canary::Ask()
{
    if (m_state != trace::Canary::WELL) return;
    m_state = trace::Canary::SLOW;
    m_sent = m_last_tick = Now();
    m_not_running = 0 * kj::SECONDS;
    m_question ^= 1;
    auto message{kj::heap<capnp::MallocMessageBuilder>()};
    message->initRoot<capnp::rpc::Message>().initBootstrap().setQuestionId(m_question);
    m_writing = Write(kj::mv(message));
    m_ticking = Tick().eagerlyEvaluate(nullptr);
}

trace::Canary Canary::Check(std::chrono::milliseconds deadline, std::chrono::milliseconds grace,
                            kj::Promise<void> death)
{
    const kj::Duration allowed{(deadline + grace).count() * kj::MILLISECONDS};
    auto dead{death.fork()};
    for (const kj::TimePoint time : {m_sent + allowed, Deadline(grace)}) {
        if (m_state != trace::Canary::SLOW) break;
        auto changed{kj::newPromiseAndFulfiller<void>()};
        m_changed = kj::mv(changed.fulfiller);
        changed.promise.exclusiveJoin(m_io.provider->getTimer().atTime(time))
            .exclusiveJoin(dead.addBranch())
            .wait(m_io.waitScope);
        m_changed = nullptr;
    }
    m_ticking = nullptr;
    return m_state == trace::Canary::WELL && m_waited > allowed ? trace::Canary::SLOW : m_state;
}

kj::Promise<void> Canary::Write(kj::Own<capnp::MallocMessageBuilder> message)
{
    return m_writing
        .then([this, message = kj::mv(message)]() mutable {
            auto written{capnp::writeMessage(*m_stream, *message)};
            return written.attach(kj::mv(message));
        })
        // Reading fails with the same error.
        .eagerlyEvaluate([](kj::Exception&&) {});
}

kj::Promise<void> Canary::Read()
{
    return capnp::readMessage(*m_stream).then([this](kj::Own<capnp::MessageReader> reader) {
        const auto message{reader->getRoot<capnp::rpc::Message>()};
        if (message.isReturn() && message.getReturn().getAnswerId() == m_question) {
            KJ_REQUIRE(message.getReturn().isResults(), "no main interface");
            Answered();
        }
        KJ_REQUIRE(!message.isAbort(), "the target aborts");
        return Read();
    });
}

void Canary::Answered()
{
    if (m_state != trace::Canary::SLOW) return;
    m_state = trace::Canary::WELL;
    m_waited = Now() - m_sent - m_not_running;
    KJ_IF_MAYBE (changed, m_changed) (*changed)->fulfill();
    auto message{kj::heap<capnp::MallocMessageBuilder>()};
    auto finish{message->initRoot<capnp::rpc::Message>().initFinish()};
    finish.setQuestionId(m_question);
    finish.setReleaseResultCaps(true);
    m_writing = Write(kj::mv(message));
}

//! Adds up how long this process did not run. The target probably did not run then either.
kj::Promise<void> Canary::Tick()
{
    return m_io.provider->getTimer().atTime(Now() + TICK).then([this] {
        const kj::Duration gap{Now() - m_last_tick};
        if (gap > 5 * TICK) m_not_running = m_not_running + gap;
        m_last_tick = Now();
        return Tick();
    });
}

} // namespace mpfuzz::execute
