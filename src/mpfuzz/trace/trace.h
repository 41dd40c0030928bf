#pragma once

#include <mpfuzz/program/program.h>
#include <mpfuzz/program/target_rules.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mpfuzz::trace {

//! How a step ended.
enum class Status : uint8_t {
    SKIPPED,    //!< not carried out: the target was gone, or the step had lost its connection
    DONE,       //!< a step without an answer was carried out
    ANSWERED,   //!< Call, Bootstrap: returned
    EXCEPTION,  //!< Call, Bootstrap: an exception came back
    UNANSWERED, //!< Call, Bootstrap: no answer until the end of the program, or its deadline
    CANCELED,   //!< Call: we dropped it before it was answered
    LOCAL,      //!< Call: failed on our side and was never sent, such as a call on a null capability
};

//! Cap'n Proto's four kinds, in the order of kj::Exception::Type.
enum class ExceptionKind : uint8_t { FAILED, OVERLOADED, DISCONNECTED, UNIMPLEMENTED };

std::string_view Name(Status status);
std::string_view Name(ExceptionKind kind);

//! An answer is kept up to these sizes, more than any that is worth comparing has: one that reaches them may have been
//! cut.
//!
//! Bytes of all its texts and data.
inline constexpr size_t MAX_ANSWER_BYTES{1 << 20};
//! Elements of all its lists.
inline constexpr size_t MAX_ANSWER_ELEMENTS{1 << 16};
//! Structs and lists in each other.
inline constexpr unsigned MAX_ANSWER_DEPTH{64};

//! What one step sent and got back. Times are monotonic, in nanoseconds from the program's start.
struct Outcome {
    Status status{Status::SKIPPED};
    ExceptionKind exception{ExceptionKind::FAILED}; //!< EXCEPTION and LOCAL
    std::string message{};                          //!< EXCEPTION and LOCAL: the peer's words; SKIPPED: why
    std::optional<program::StructValue> answer{};   //!< Call that returned: its results; capabilities as SeenCapability
    bool awaited{false};                            //!< UNANSWERED: its deadline passed while the program waited for it
    int64_t sent_ns{0};
    int64_t ended_ns{0}; //!< answer, exception or cancellation; 0 where there was none
};

//! What the target called on an object of ours.
struct ServedCall {
    program::StepIndex step{0}; //!< Serve step, or the call whose argument held the object
    schema::MethodRef method{};
    int64_t at_ns{0};
    program::StructValue arguments{}; //!< capabilities as SeenCapability
};

//! What a process takes of the system.
struct Usage {
    uint32_t threads{0};
    uint32_t descriptors{0};
    uint64_t memory_kib{0}; //!< resident
    friend bool operator==(const Usage&, const Usage&) = default;
};

//! What a process uses more of than TargetRules permits above the baseline.
struct Overgrowth {
    bool threads{false};
    bool descriptors{false};
    bool memory{false};
    bool Any() const { return threads || descriptors || memory; }
};
Overgrowth OvergrowthOf(const Usage& usage, const Usage& baseline, const program::TargetRules& rules);

//! The usage of the target's process around a program.
struct UsageRecord {
    Usage baseline; //!< before the first program that it ran
    Usage peak;     //!< all that is due was answered, all connections still open
    Usage after;    //!< all connections closed; the best of several looks where it was above a limit at first
};

//! How a second client fared that was connected throughout, and asked for nothing but the main interface.
enum class Canary : uint8_t {
    WELL, //!< or not there
    SLOW, //!< its answer did not come within its deadline
    LOST, //!< its connection was closed, or its request failed
};

//! A connection that the target closed.
struct Closing {
    program::StepIndex connection{0};
    std::string reason{}; //!< of the first call that failed with it; empty where none did
    friend bool operator==(const Closing&, const Closing&) = default;
};

//! How the target was found after the program.
struct Ending {
    bool alive{true};            //!< the process lives (true for attached targets that accept connections)
    bool responsive{true};       //!< a fresh connection got a bootstrap answer within its deadline
    std::optional<int> signal{}; //!< died by it
    std::optional<int> status{}; //!< exited with it
    std::string log_tail{};      //!< tail of what the target wrote since its start, where it died or is silent
    std::string stacks{}; //!< of all its threads where gdb is installed, and what each waits for; where it was asked
    std::optional<int> asked_to_shut_down{}; //!< the signal of the program's own that it had to end of
    bool past_shutdown_deadline{false};      //!< but did not within its deadline
    Canary canary{Canary::WELL};
    std::vector<Closing> closed{};      //!< without a reason that the program gave
    std::optional<UsageRecord> usage{}; //!< of spawned targets that are alive
};

struct Trace {
    std::vector<Outcome> outcomes; //!< one a step
    std::vector<ServedCall> served;
    Ending ending;
    int64_t duration_ns{0};
};

//! A table of the run, one line a step, for people: text of the step, how it ended, when, the answer.
std::string Print(const schema::Schema& schema, const program::Program& program, const Trace& trace);

} // namespace mpfuzz::trace
