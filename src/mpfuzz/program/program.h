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
    uint32_t interface = 0; //!< its assumed type; index into Schema::Interfaces
    friend bool operator==(const Bootstrap&, const Bootstrap&) = default;
};
//! Call a method, without waiting for the answer. References into the answer are pipelined.
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
//! Cancel a call, whether it has been answered or not.
struct Cancel {
    StepIndex call{0};
    friend bool operator==(const Cancel&, const Cancel&) = default;
};
//! Release a capability. If a later step uses the same reference, it uses a null capability.
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

//! Send a signal to the target's process, which must then exit within its deadline. Later steps are not executed.
//! Only if target.toml allows it.
struct Signal {
    enum class Kind : uint8_t { TERM, INT, HUP } kind{Kind::TERM};
    friend bool operator==(const Signal&, const Signal&) = default;
};

using Step =
    std::variant<Connect, Bootstrap, Call, Await, Cancel, Drop, Serve, Disconnect, Message, Bytes, Delay, Signal>;

//! Limits of a valid program, so that hostile text cannot exhaust the stack or memory. They are guesses, far above
//! what a useful program needs.
//!
//! Longest Delay, in milliseconds.
inline constexpr uint32_t MAX_DELAY_MS{1000};
//! Most steps.
inline constexpr size_t MAX_STEPS{40'000};
//! Greatest nesting depth of values, length of a reference's path, and number of edits. Cap'n Proto has the same
//! default limit for nesting.
inline constexpr size_t MAX_DEPTH{64};
//! Largest RepeatValue::count.
inline constexpr uint64_t MAX_REPEAT{1 << 20};
//! Most 8-byte words in the values of one step, as on the wire: 16 MiB. A repeated element counts as often as it is
//! repeated. Every value counts as at least one word.
inline constexpr uint64_t MAX_WORDS{1 << 21};

//! The steps to execute against one target, in order.
struct Program {
    std::vector<Step> steps;
    friend bool operator==(const Program&, const Program&) = default;
};

//! Interface of the capability that a reference names. Returns nullopt if the schema does not tell (AnyPointer,
//! Capability), or if the path does not lead to a capability. The step must exist.
std::optional<uint32_t> InterfaceOf(const schema::Schema& schema, const Program& program, const CapabilityRef& ref);

//! Type at the end of a path into a struct. Returns nullopt if the path does not fit.
std::optional<schema::Type> TypeAt(const schema::Schema& schema, uint32_t struct_index, const Path& path);

//! Number of Call steps.
size_t CountCalls(const Program& program);

//! The connection of a step: of a Connect itself; of a Bootstrap, Disconnect, Message or Bytes the one that it names;
//! of a Call its target's. Returns nullopt for other steps, and for calls on served objects.
std::optional<StepIndex> ConnectionOf(const Program& program, StepIndex step);

} // namespace mpfuzz::program
