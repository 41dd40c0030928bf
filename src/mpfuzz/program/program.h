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
    uint32_t interface = 0; //!< what to take it for; index into Schema::Interfaces
    friend bool operator==(const Bootstrap&, const Bootstrap&) = default;
};
//! Call a method. Not awaited: a reference into its answer travels as a promised answer.
struct Call {
    CapabilityRef target;
    schema::MethodRef method; //!< need not belong to the target's interface
    StructValue arguments;
    friend bool operator==(const Call&, const Call&) = default;
};
//! Wait until a call is answered, or all calls so far.
struct Await {
    std::optional<StepIndex> call;
    friend bool operator==(const Await&, const Await&) = default;
};
//! Drop a call that may not have been answered yet.
struct Cancel {
    StepIndex call{0};
    friend bool operator==(const Cancel&, const Cancel&) = default;
};
//! Release a capability. A later use of the same reference is a use of a null capability.
struct Drop {
    CapabilityRef capability;
    friend bool operator==(const Drop&, const Drop&) = default;
};
//! Make an object of ours that several arguments can name.
struct Serve {
    ServedObject object;
    friend bool operator==(const Serve&, const Serve&) = default;
};
//! Close a connection.
struct Disconnect {
    enum class How : uint8_t {
        CLEAN,  //!< release everything, flush, then close
        ABRUPT, //!< close at once, whatever is outstanding
        HALF,   //!< shut down the writing side only; answers still arrive
        TORN,   //!< send the beginning of a message, then close at once
    };
    StepIndex connection{0};
    How how{How::CLEAN};
    friend bool operator==(const Disconnect&, const Disconnect&) = default;
};
//! Send one hand-made message of rpc.capnp on a connection.
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
//! Let time pass.
struct Delay {
    uint32_t ms{0};
    friend bool operator==(const Delay&, const Delay&) = default;
};

//! Send a signal to the target's process, which then has to end within its deadline. Nothing after it is
//! carried out. Only where target.toml allows it.
struct Signal {
    enum class Kind : uint8_t { TERM, INT, HUP } kind{Kind::TERM};
    friend bool operator==(const Signal&, const Signal&) = default;
};

using Step =
    std::variant<Connect, Bootstrap, Call, Await, Cancel, Drop, Serve, Disconnect, Message, Bytes, Delay, Signal>;

//! Bounds of a valid program, so that hostile text can exhaust neither stack nor memory. They are
//! guesses: far above what a useful program needs.
//!
//! Longest Delay, in milliseconds.
inline constexpr uint32_t MAX_DELAY_MS{1000};
//! Most steps.
inline constexpr size_t MAX_STEPS{40'000};
//! Values nest no deeper; a reference's path is no longer; data has no more edits. Cap'n Proto's own
//! default for nesting is the same.
inline constexpr size_t MAX_DEPTH{64};
//! Largest RepeatValue::count.
inline constexpr uint64_t MAX_REPEAT{1 << 20};
//! Most 8-byte words that the values of one step may come to on the wire, repeats counted as often
//! as they repeat: 16 MiB. Every value counts as at least one.
inline constexpr uint64_t MAX_WORDS{1 << 21};

//! A sequence of steps against one target: a plain value.
struct Program {
    std::vector<Step> steps;
    friend bool operator==(const Program&, const Program&) = default;
};

//! Interface of the capability that a reference names, as far as the schema knows: nothing for
//! AnyPointer, Capability, and paths that lead to no capability. The reference must be valid.
std::optional<uint32_t> InterfaceOf(const schema::Schema& schema, const Program& program, const CapabilityRef& ref);

//! Type at the end of a path into a struct; nothing where the path does not fit.
std::optional<schema::Type> TypeAt(const schema::Schema& schema, uint32_t struct_index, const Path& path);

//! Number of Call steps.
size_t CountCalls(const Program& program);

//! The connection that a step or its object belongs to: of a Connect itself, of a Bootstrap, Disconnect,
//! Message or Bytes the one it names, of a Call its target's; nothing for the other steps, and for
//! calls on served objects.
std::optional<StepIndex> ConnectionOf(const Program& program, StepIndex step);

} // namespace mpfuzz::program
