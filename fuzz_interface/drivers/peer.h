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

//! One end of a connection on which nothing is as a proxy would have it: its calls and its answers are nonsense, more
//! or less. Lives on one event loop, which its calls come on too.
class Peer final : private Capabilities
{
public:
    using Method = capnp::InterfaceSchema::Method;
    using CallContext = capnp::CallContext<capnp::AnyPointer, capnp::AnyPointer>;

    //! A capability of the other side's, and what it ought to be.
    struct Held {
        capnp::InterfaceSchema schema;
        capnp::Capability::Client client;
    };

    //! @param stream   Of its own; whoever drops the peer closes the connection, whatever is outstanding.
    //! @param side     The server has a FuzzInit to hand out.
    Peer(kj::Own<kj::AsyncIoStream> stream, capnp::rpc::twoparty::Side side, kj::Timer& timer, Choices& choices);
    ~Peer();
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    //! The other side's main interface.
    capnp::Capability::Client Bootstrap() { return m_rpc.bootstrap(); }
    kj::Promise<void> OnDisconnect() { return m_rpc.onDisconnect(); }

    //! An object of ours, which answers with nonsense.
    capnp::Capability::Client Serve(capnp::InterfaceSchema schema);

    //! Use a capability from now on: call it, hand it in. No more than a few are held.
    void Hold(capnp::InterfaceSchema schema, capnp::Capability::Client client);
    //! The thread of the other side's that runs most calls; otherwise one that has come with a message.
    void SetHome(capnp::Capability::Client thread) { m_home = kj::mv(thread); }

    //! A call that has been made, and a promise that is done when it is answered, with a value or an error.
    struct Made {
        Method method;
        kj::Promise<void> answer;
    };

    //! Call some method of something that is held; something is.
    Made CallSomething();
    //! The same with a method of `object`, and with a message of that order.
    kj::Promise<void> Call(Held& object, Method method, Order order);

    //! How many calls ours may make in turn before they answer, in all, from now on.
    void AllowCallbacks(size_t calls) { m_callbacks_left = calls; }

    //! Whether `destroy` is among the methods that are called; it is at first.
    void AllowDestroy(bool allowed) { m_may_destroy = allowed; }

    //! When all that ours have called is answered.
    kj::Promise<void> OnQuiet() { return m_tasks.onEmpty(); }

    //! Answer what has been withheld so far.
    void Release();
    //! Whether there will be answers that come with Release() only; there are at first. Told of each.
    void Withhold(bool allowed) { m_may_withhold = allowed; }
    void OnWithheld(kj::Function<void()> tell) { m_on_withheld = kj::mv(tell); }

    //! The last calls in both directions, one a line, the latest one last.
    std::string Log() const;

private:
    class Object;
    enum class Manner : uint8_t;

    kj::Maybe<capnp::Capability::Client> Choose(capnp::StructSchema::Field field, bool tidy) override;
    capnp::Capability::Client ChooseTidily(capnp::StructSchema::Field field);

    kj::Promise<void> Answer(Method method, CallContext context);
    kj::Promise<void> Answer(Method method, CallContext context, Manner manner);
    Manner ChooseManner(Method method);
    kj::Promise<void> CallBack();
    kj::Promise<void> Withheld();
    kj::Exception MakeException();

    void Take(capnp::DynamicStruct::Reader message);
    void Note(kj::StringPtr what, Method method, capnp::AnyPointer::Reader message, capnp::StructSchema schema);

    // Cap'n Proto keeps our objects, and what they have begun, for longer than the connection.
    std::shared_ptr<Peer*> m_self; //!< for the objects: null when it is gone
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
    std::deque<capnp::Capability::Client> m_threads; //!< the other side's, the latest in front
    kj::Maybe<capnp::Capability::Client> m_home;
    std::vector<kj::Own<kj::PromiseFulfiller<void>>> m_withheld;
    kj::TaskSet m_tasks;
    capnp::TwoPartyClient m_rpc; //!< the last member: it goes first, and takes along whatever uses the others
};

} // namespace mpfuzz::fuzz_interface
