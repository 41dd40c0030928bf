#include <mpfuzz/execute/canary.h>

#include <mpfuzz/execute/session.h>

#include <capnp/rpc.capnp.h>
#include <capnp/serialize-async.h>

namespace mpfuzz::execute {
namespace {

constexpr kj::Duration TICK{20 * kj::MILLISECONDS};

kj::TimePoint Now() { return kj::systemPreciseMonotonicClock().now(); }

} // namespace

Canary::Canary(kj::AsyncIoContext& io, int fd)
    : m_io{io}, m_stream{io.lowLevelProvider->wrapSocketFd(fd, kj::LowLevelAsyncIoProvider::TAKE_OWNERSHIP |
                                                                   kj::LowLevelAsyncIoProvider::ALREADY_NONBLOCK |
                                                                   kj::LowLevelAsyncIoProvider::ALREADY_CLOEXEC)},
      m_sent{Now()}, m_last_tick{m_sent}, m_stood_still{0 * kj::SECONDS}, m_waited{0 * kj::SECONDS}
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
    m_stood_still = 0 * kj::SECONDS;
    m_question ^= 1;
    auto message{kj::heap<capnp::MallocMessageBuilder>()};
    message->initRoot<capnp::rpc::Message>().initBootstrap().setQuestionId(m_question);
    m_writing = Write(kj::mv(message));
    m_ticking = Tick().eagerlyEvaluate(nullptr);
}

trace::Canary Canary::Look(std::chrono::milliseconds deadline, std::chrono::milliseconds grace, kj::Promise<void> death)
{
    const kj::Duration patience{(deadline + grace).count() * kj::MILLISECONDS};
    auto dead{death.fork()};
    for (const kj::TimePoint time : {m_sent + patience, Deadline(grace)}) {
        if (m_state != trace::Canary::SLOW) break;
        auto changed{kj::newPromiseAndFulfiller<void>()};
        m_changed = kj::mv(changed.fulfiller);
        changed.promise.exclusiveJoin(m_io.provider->getTimer().atTime(time))
            .exclusiveJoin(dead.addBranch())
            .wait(m_io.waitScope);
        m_changed = nullptr;
    }
    m_ticking = nullptr;
    return m_state == trace::Canary::WELL && m_waited > patience ? trace::Canary::SLOW : m_state;
}

kj::Promise<void> Canary::Write(kj::Own<capnp::MallocMessageBuilder> message)
{
    return m_writing
        .then([this, message = kj::mv(message)]() mutable {
            auto written{capnp::writeMessage(*m_stream, *message)};
            return written.attach(kj::mv(message));
        })
        // Reading sees it too.
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
    m_waited = Now() - m_sent - m_stood_still;
    KJ_IF_MAYBE (changed, m_changed) (*changed)->fulfill();
    auto message{kj::heap<capnp::MallocMessageBuilder>()};
    auto finish{message->initRoot<capnp::rpc::Message>().initFinish()};
    finish.setQuestionId(m_question);
    finish.setReleaseResultCaps(true);
    m_writing = Write(kj::mv(message));
}

//! Notes for how long this process got no time, and so perhaps the target neither.
kj::Promise<void> Canary::Tick()
{
    return m_io.provider->getTimer().atTime(Now() + TICK).then([this] {
        const kj::Duration gap{Now() - m_last_tick};
        if (gap > 5 * TICK) m_stood_still = m_stood_still + gap;
        m_last_tick = Now();
        return Tick();
    });
}

} // namespace mpfuzz::execute
