#pragma once

#include <fuzz_interface/drivers/malformed.h>

#include <capnp/rpc-twoparty.h>
#include <kj/async-io.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace mpfuzz::fuzz_interface {

//! One end of a connection that sends malformed calls and malformed answers, with valid ones in between. It belongs to
//! one event loop; all its methods must be called there.
class MalformedEndpoint final : private Capabilities
{
public:
    using Method = capnp::InterfaceSchema::Method;
    using CallContext = capnp::CallContext<capnp::AnyPointer, capnp::AnyPointer>;

    //! A capability of the other side, and the interface that it should have.
    struct Held {
        capnp::InterfaceSchema schema;
        capnp::Capability::Client client;
    };

    //! @param stream   Destroying the endpoint closes it, even if calls are unanswered.
    //! @param side     A server offers a FuzzInit as its main interface.
    MalformedEndpoint(kj::Own<kj::AsyncIoStream> stream, capnp::rpc::twoparty::Side side, kj::Timer& timer,
                      Choices& choices);
    ~MalformedEndpoint();
    MalformedEndpoint(const MalformedEndpoint&) = delete;
    MalformedEndpoint& operator=(const MalformedEndpoint&) = delete;

    //! The other side's main interface.
    capnp::Capability::Client Bootstrap() { return m_rpc.bootstrap(); }
    kj::Promise<void> OnDisconnect() { return m_rpc.onDisconnect(); }

    //! Exports an object of ours. Its answers are malformed, like all others of the endpoint.
    capnp::Capability::Client Serve(capnp::InterfaceSchema schema);

    //! Adds a capability. CallSomething makes calls on the capabilities added so far, and messages contain them. If
    //! there are many already, this one replaces one of them.
    void Hold(capnp::InterfaceSchema schema, capnp::Capability::Client client);
    //! Sets the thread of the other side on which most calls run. The others run on threads that came in messages.
    void SetMainThread(capnp::Capability::Client thread) { m_main_thread = kj::mv(thread); }

    //! A call that has been sent.
    struct PendingCall {
        Method method;
        kj::Promise<void> answer; //!< done when a value or an exception has arrived; it never fails
    };

    //! Calls some method of a held capability, of which there must be one.
    PendingCall CallSomething();
    //! Calls a method of an object, with parameters of the given validity.
    kj::Promise<void> Call(Held& object, Method method, Validity validity);

    //! Sets how many calls our objects may make, in total, before they answer.
    void AllowCallbacks(size_t calls) { m_callbacks_left = calls; }

    //! Sets whether CallSomething may call `destroy`. Initially it may.
    void AllowDestroy(bool allowed) { m_may_destroy = allowed; }

    //! Done when all calls that our objects have made are answered.
    kj::Promise<void> OnQuiet() { return m_tasks.onEmpty(); }

    //! Sends all answers that have been withheld so far.
    void Release();
    //! Sets whether answers may be withheld until Release() is called. Initially they may.
    void Withhold(bool allowed) { m_may_withhold = allowed; }
    //! Sets a function that is called each time an answer is withheld.
    void OnWithheld(kj::Function<void()> tell) { m_on_withheld = kj::mv(tell); }

    //! The last calls in both directions, one a line, oldest first.
    std::string Log() const;

private:
    class Object;
    enum class AnswerKind : uint8_t;

    capnp::Capability::Client MainInterface(capnp::rpc::twoparty::Side side);
    kj::Maybe<capnp::Capability::Client> Choose(capnp::StructSchema::Field field, bool valid) override;
    capnp::Capability::Client ChooseValid(capnp::StructSchema::Field field);

    kj::Promise<void> Answer(Method method, CallContext context);
    kj::Promise<void> Answer(Method method, CallContext context, AnswerKind kind);
    AnswerKind ChooseAnswerKind(Method method);
    kj::Promise<void> CallBack();
    kj::Promise<void> WaitForRelease();
    kj::Exception MakeException();

    void HoldCapabilities(capnp::DynamicStruct::Reader message);
    void LogMessage(kj::StringPtr what, Method method, capnp::AnyPointer::Reader message, capnp::StructSchema schema);

    // Cap'n Proto may destroy our objects and their unfinished answers only after the connection has ended, and after
    // this endpoint is destroyed.
    std::shared_ptr<MalformedEndpoint*> m_self; //!< shared with the objects; points to null once this is destroyed
    kj::Canceler m_answers;
    kj::Own<kj::AsyncIoStream> m_stream;
    kj::Timer& m_timer;
    Choices& m_choices;
    std::deque<std::string> m_log;
    size_t m_callbacks_left{0};
    bool m_may_withhold{true};
    bool m_may_destroy{true};
    kj::Maybe<kj::Function<void()>> m_on_withheld;
    std::vector<Held> m_held;
    std::deque<capnp::Capability::Client> m_threads; //!< of the other side, the newest first
    kj::Maybe<capnp::Capability::Client> m_main_thread;
    std::vector<kj::Own<kj::PromiseFulfiller<void>>> m_withheld;
    kj::TaskSet m_tasks;
    capnp::TwoPartyClient m_rpc; //!< the last member, so that it is destroyed first: it uses the others
};

} // namespace mpfuzz::fuzz_interface
