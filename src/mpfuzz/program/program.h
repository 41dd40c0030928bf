#pragma once

#include <mpfuzz/program/value.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mpfuzz::program {

//! Open a connection to the target.
struct Connect {
    friend bool operator==(const Connect&, const Connect&) = default;
};
//! Ask a connection for its main interface.
struct Bootstrap {
    StepIndex connection{0};
    uint32_t interface = 0; //!< assumed type of the main interface; index into Schema::Interfaces
    friend bool operator==(const Bootstrap&, const Bootstrap&) = default;
};
//! Call a method, without waiting for the answer. Later steps can use capabilities of the answer before it arrives
//! (promise pipelining).
struct Call {
    CapabilityRef target;
    schema::MethodRef method; //!< may be one that the target's interface does not have
    StructValue arguments;
    friend bool operator==(const Call&, const Call&) = default;
};
//! Wait until a call is answered, or all calls so far.
struct Await {
    std::optional<StepIndex> call;
    friend bool operator==(const Await&, const Await&) = default;
};
//! Cancel a call. It may have been answered already.
struct Cancel {
    StepIndex call{0};
    friend bool operator==(const Cancel&, const Cancel&) = default;
};
//! Release a capability. For later steps, a reference to it is a null capability.
struct Drop {
    CapabilityRef capability;
    friend bool operator==(const Drop&, const Drop&) = default;
};
//! Make a served object that several arguments can name.
struct Serve {
    ServedObject object;
    friend bool operator==(const Serve&, const Serve&) = default;
};
//! Close a connection.
struct Disconnect {
    enum class How : uint8_t {
        CLEAN,  //!< release everything, flush, then close
        ABRUPT, //!< close at once, without waiting for anything
        HALF,   //!< close the writing side only; answers still arrive
        TORN,   //!< send the beginning of a message, then close at once
    };
    StepIndex connection{0};
    How how{How::CLEAN};
    friend bool operator==(const Disconnect&, const Disconnect&) = default;
};
//! Send one hand-made message (of rpc.capnp) on a connection.
struct Message {
    StepIndex connection{0};
    StructValue message; //!< of Schema::RpcMessage
    friend bool operator==(const Message&, const Message&) = default;
};
//! Send raw bytes on a connection.
struct Bytes {
    StepIndex connection{0};
    std::string bytes;
    friend bool operator==(const Bytes&, const Bytes&) = default;
};
//! Wait for some time.
struct Delay {
    uint32_t ms{0};
    friend bool operator==(const Delay&, const Delay&) = default;
};

//! Send a signal to the target's process. It must then exit before its deadline. Later steps are not executed. Only
//! allowed if target.toml lists the signal.
struct Signal {
    enum class Kind : uint8_t { TERM, INT, HUP } kind{Kind::TERM};
    friend bool operator==(const Signal&, const Signal&) = default;
};

using Step =
    std::variant<Connect, Bootstrap, Call, Await, Cancel, Drop, Serve, Disconnect, Message, Bytes, Delay, Signal>;

// Limits of a valid program, so that hostile text cannot exhaust the stack or the memory. They are guesses, far above
// what a useful program needs.

//! Maximum Delay, in milliseconds.
inline constexpr uint32_t MAX_DELAY_MS{1000};
//! Maximum number of steps.
inline constexpr size_t MAX_STEPS{40'000};
//! Maximum nesting depth of values, maximum length of a reference's path, and maximum number of edits of a value. Cap'n
//! Proto has the same default limit for nesting.
inline constexpr size_t MAX_DEPTH{64};
//! Maximum RepeatValue::count.
inline constexpr uint64_t MAX_REPEAT{1 << 20};
//! Maximum size of the values of one step in a message, in words of 8 bytes: 16 MiB. A repeated element counts as often
//! as it is repeated. Every value counts as at least one word.
inline constexpr uint64_t MAX_WORDS{1 << 21};

//! The steps to execute against one target, in order.
struct Program {
    std::vector<Step> steps;
    friend bool operator==(const Program&, const Program&) = default;
};

//! Interface of the capability that a reference names. Returns nullopt if the schema does not say it (AnyPointer,
//! Capability), or if the path does not lead to a capability. The step must exist.
std::optional<uint32_t> InterfaceOf(const schema::Schema& schema, const Program& program, const CapabilityRef& ref);

//! Type of the value that a path leads to, from a struct. Returns nullopt if the struct has no such path.
std::optional<schema::Type> TypeAt(const schema::Schema& schema, uint32_t struct_index, const Path& path);

//! Number of Call steps.
size_t CountCalls(const Program& program);

//! The connection of a step. For a Connect, the step itself. For a Bootstrap, Disconnect, Message or Bytes, the
//! connection that it names. For a Call, the connection of its target. Returns nullopt for other steps, and for a call
//! on a served object.
std::optional<StepIndex> ConnectionOf(const Program& program, StepIndex step);

} // namespace mpfuzz::program
