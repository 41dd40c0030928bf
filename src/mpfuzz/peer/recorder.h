#pragma once

#include <mpfuzz/peer/payload.h>
#include <mpfuzz/peer/recording.h>

#include <capnp/rpc.capnp.h>
#include <kj/array.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mpfuzz::peer {

//! Watches the messages of one connection and records what its client did as a program.
//!
//! It keeps the client's four tables of Cap'n Proto's protocol (rpc.capnp). It leaves out what a program cannot express
//! and what is not in the schema, and counts it in the program's comments. It accepts any message, and limits its
//! memory.
class Recorder
{
public:
    //! Borrows the schema.
    Recorder(const schema::Schema& schema, uint32_t main_interface);

    //! One message with its framing.
    void FromClient(kj::ArrayPtr<const capnp::word> message);
    void FromServer(kj::ArrayPtr<const capnp::word> message);
    //! The client has closed the connection. Nothing is recorded after that.
    void ClientClosed();
    //! Count something that the program cannot express.
    void Note(const std::string& what);

    size_t Calls() const { return m_calls; }
    //! The program so far.
    std::string Text() const;

private:
    using Ref = program::CapabilityRef;
    using Table = capnp::List<capnp::rpc::CapDescriptor>::Reader;

    //! A call or bootstrap request of the client.
    struct Question {
        std::optional<program::StepIndex> step;
        std::optional<uint32_t> results; //!< type of the results, if the method is known
        bool returned{false};
        bool finished{false};
        bool releases_results{false};  //!< as its Finish said
        std::vector<uint32_t> exports; //!< the client's capabilities in its parameters
        std::vector<uint32_t> imports; //!< the server's capabilities in its results
    };
    //! A call of the server.
    struct Callback {
        std::optional<uint32_t> object;
        std::optional<schema::MethodRef> method;
        bool returned{false};
        std::vector<uint32_t> imports; //!< the server's capabilities in its parameters
        std::vector<uint32_t> exports; //!< the client's capabilities in its results
    };
    //! A capability of the server that the client holds.
    struct Import {
        std::vector<Ref> refs; //!< references by which the program can name it
        uint64_t count{0};
    };
    //! An object of the client that the server holds.
    struct Export {
        uint32_t object{0};
        uint64_t count{0};
    };

    void Observe(kj::ArrayPtr<const capnp::word> message, void (Recorder::*handle)(capnp::rpc::Message::Reader));
    void HandleClient(capnp::rpc::Message::Reader message);
    void HandleServer(capnp::rpc::Message::Reader message);

    void ClientCall(capnp::rpc::Call::Reader call);
    void ClientReturn(capnp::rpc::Return::Reader answer);
    void ClientFinish(capnp::rpc::Finish::Reader finish);
    void ClientResolve(capnp::rpc::Resolve::Reader resolve);
    void ServerCall(capnp::rpc::Call::Reader call);
    void ServerReturn(capnp::rpc::Return::Reader answer);
    void ServerFinish(capnp::rpc::Finish::Reader finish);
    void ServerResolve(capnp::rpc::Resolve::Reader resolve);
    void ReadResults(Question& question, capnp::rpc::Payload::Reader payload);

    std::optional<Ref> Target(capnp::rpc::MessageTarget::Reader target);
    std::optional<Ref> Promised(capnp::rpc::PromisedAnswer::Reader promised);
    std::optional<Ref> Imported(uint32_t id) const;
    std::optional<uint32_t> InterfaceOf(const std::optional<Ref>& ref) const;
    //! The program's value for a capability that the client sends.
    program::Value Sent(capnp::rpc::CapDescriptor::Reader descriptor, schema::Type type);
    program::StructValue ReadSent(uint32_t struct_index, capnp::rpc::Payload::Reader payload);

    //! Count the capabilities in a table that its sender hosts: the client for exports, the server for imports. Returns
    //! their ids.
    std::vector<uint32_t> AddExports(Table table);
    std::vector<uint32_t> AddImports(Table table);
    void ReleaseExport(uint32_t id, uint64_t count);
    void ReleaseImport(uint32_t id, uint64_t count);
    void AddDrop(const Ref& ref);
    //! Add an Await step if all calls of the client are answered. The client has probably waited for them.
    void AddAwait();
    bool Outstanding() const;

    const schema::Schema& m_schema;
    uint32_t m_main_interface;
    Recording m_recording;
    bool m_over{false};
    uint64_t m_bytes{0}; //!< size of the client's messages
    size_t m_calls{0};
    std::vector<program::StepIndex> m_answered; //!< calls answered since the last Await
    std::map<uint32_t, Question> m_questions;
    std::map<uint32_t, Callback> m_callbacks;
    std::map<uint32_t, Import> m_imports;
    std::map<uint32_t, Export> m_exports;
};

} // namespace mpfuzz::peer
