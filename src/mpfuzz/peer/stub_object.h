#pragma once

#include <mpfuzz/execute/dynamic.h>
#include <mpfuzz/peer/stub.h>

#include <capnp/dynamic.h>

namespace mpfuzz::peer {

//! What the objects of one connection share. Outlives the last of them.
struct StubConnection final : kj::Refcounted {
    StubConnection(uint64_t n, kj::Own<kj::PromiseFulfiller<void>> h) : number{n}, hang_up{kj::mv(h)} {}

    uint64_t number;
    uint64_t made{0}; //!< objects so far
    uint64_t live{0}; //!< objects that somebody still holds
    kj::Own<kj::PromiseFulfiller<void>> hang_up;
};

//! One object: answers every method of its interface.
class StubObject final : public capnp::DynamicCapability::Server, private execute::References
{
public:
    //! @param interface  Index into Schema::Interfaces.
    StubObject(Stub& stub, StubConnection& connection, uint32_t interface);
    ~StubObject() noexcept(false) { --m_connection->live; }

    kj::Promise<void> call(capnp::InterfaceSchema::Method method,
                           capnp::CallContext<capnp::DynamicStruct, capnp::DynamicStruct> context) override;

private:
    schema::MethodRef Find(capnp::InterfaceSchema::Method method) const;
    std::optional<Fault> Strike(const Question& question) const;
    kj::Promise<void> Misbehave(Fault fault, ReceivedCall& received);
    std::string Fill(schema::MethodRef method, capnp::DynamicStruct::Builder builder,
                     const program::StructValue& results);

    // Results hold no references to steps.
    kj::Maybe<capnp::Capability::Client> Find(const program::CapabilityRef&) override { return nullptr; }
    std::optional<program::Value> Find(const program::DataRef&) override { return std::nullopt; }
    capnp::Capability::Client Serve(const program::ServedObject& object) override;

    Stub& m_stub;
    kj::Own<StubConnection> m_connection;
    uint32_t m_interface;
    uint64_t m_number;
    uint64_t m_calls{0};
};

} // namespace mpfuzz::peer
