#pragma once

#include <mpfuzz/program/program.h>
#include <mpfuzz/program/target_rules.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mpfuzz::trace {

//! How a step of a program ended.
enum class Status : uint8_t {
    SKIPPED,    //!< not done: the target had exited, or the step's connection was closed
    DONE,       //!< done: a step that gets no answer
    ANSWERED,   //!< Call, Bootstrap: returned
    EXCEPTION,  //!< Call, Bootstrap: an exception came back
    UNANSWERED, //!< Call, Bootstrap: no answer before the end of the program, or before its deadline
    CANCELLED,  //!< Call: the program cancelled it before it was answered
    LOCAL,      //!< Call: failed on our side and was not sent, such as a call on a null capability
};

//! The four kinds of exceptions in Cap'n Proto, in the order of kj::Exception::Type.
enum class ExceptionKind : uint8_t { FAILED, OVERLOADED, DISCONNECTED, UNIMPLEMENTED };

//! `answered`, `exception`, `unanswered`, `cancelled` or `not sent` (SKIPPED and LOCAL); `done` for DONE.
std::string_view Name(Status status);
//! One word in lower case, such as `overloaded`.
std::string_view Name(ExceptionKind kind);

// How much of an answer is kept. If an answer reaches one of these limits, the rest of it may be missing. Normal
// answers are much smaller.

//! Bytes of all texts and data of an answer.
inline constexpr size_t MAX_ANSWER_BYTES{1 << 20};
//! Elements of all lists of an answer.
inline constexpr size_t MAX_ANSWER_ELEMENTS{1 << 16};
//! Levels of structs and lists inside each other.
inline constexpr unsigned MAX_ANSWER_DEPTH{64};

//! What one step sent, and what came back. Times are monotonic, in nanoseconds since the program's start.
struct Outcome {
    Status status{Status::SKIPPED};
    ExceptionKind exception{ExceptionKind::FAILED}; //!< EXCEPTION and LOCAL
    std::string message{};                          //!< EXCEPTION and LOCAL: its text; SKIPPED: the reason
    std::optional<program::StructValue> answer{};   //!< Call, ANSWERED: the results; capabilities as SeenCapability
    bool awaited{false};                            //!< UNANSWERED: the program waited for it until its deadline
    int64_t sent_ns{0};
    int64_t ended_ns{0}; //!< time of the answer, exception or cancellation; 0 if there was none
};

//! A call of the target on an object that we serve.
struct ServedCall {
    program::StepIndex step{0}; //!< Serve step, or the call whose argument held the object
    schema::MethodRef method{};
    int64_t at_ns{0};
    program::StructValue arguments{}; //!< capabilities as SeenCapability
};

//! Resources that a process uses.
struct Usage {
    uint32_t threads{0};
    uint32_t descriptors{0};
    uint64_t memory_kib{0}; //!< resident
    friend bool operator==(const Usage&, const Usage&) = default;
};

//! Resource usage of the target's process before, during and after a program.
struct UsageRecord {
    Usage baseline; //!< before the first program that this process ran
    Usage peak;     //!< when all calls with a deadline had ended, and all connections were still open
    //! After all connections were closed; if the first sample exceeded a limit, the lowest of several. nullopt if it
    //! was not measured: the target did not answer a call in time, so it may still be at work, or `peak` exceeds no
    //! limit.
    std::optional<Usage> after;
    //! Growth of the memory that the process's sanitizer causes, although the process has freed everything. 0 if the
    //! process has no such sanitizer.
    uint64_t sanitizer_kib{0};
};

//! For each resource: true if a process uses more of it after a program than its baseline plus what TargetRules
//! permits.
struct Overgrowth {
    bool threads{false};
    bool descriptors{false};
    bool memory{false};
    bool Any() const { return threads || descriptors || memory; }
};
Overgrowth OvergrowthOf(const UsageRecord& usage, const program::TargetRules& rules);

//! What happened to a second client. It stayed connected during the whole run and only asked for the main interface.
enum class Canary : uint8_t {
    WELL, //!< it got its answers, or there was no such client
    SLOW, //!< its answer did not come within its deadline
    LOST, //!< its connection was closed, or its request failed
};

//! A connection that the target closed, although the program gave it no reason to. We close it too if the target sends
//! something that is not Cap'n Proto: then `reason` says what is wrong.
struct Closing {
    std::optional<program::StepIndex> connection{0}; //!< nullopt: one that was opened after the program's end
    std::string reason{}; //!< text of the exception of the first call that this made fail; empty if there is none
    friend bool operator==(const Closing&, const Closing&) = default;
};

//! State of the target after the program.
struct Ending {
    //! The process runs. If mpfuzz did not start it: it accepts connections, even if it does not answer on them.
    bool alive{true};
    bool responsive{true}; //!< a new connection got the answer to its bootstrap request within its deadline
    //! True if the main interface of any connection arrived in time: of one that the program opened, of the one that
    //! was opened after its end, or of the canary's. False says something only if an answer was awaited: if
    //! `responsive` is false, or if a bootstrap step or a call was not answered.
    bool main_interface_seen{false};
    std::optional<int> signal{}; //!< the signal that ended the process; only if mpfuzz started it
    std::optional<int> status{}; //!< the exit status of the process; only if mpfuzz started it
    //! End of the target's output since its start, if the target died or does not respond.
    std::string log_tail{};
    //! What each of its threads waits for, and their stacks if gdb is installed; only if they were asked for.
    std::string stacks{};
    std::optional<int> asked_to_shut_down{}; //!< the signal by which the program asked the target to shut down
    bool past_shutdown_deadline{false};      //!< it was asked to shut down, but did not before its deadline
    Canary canary{Canary::WELL};
    std::vector<Closing> closed{};      //!< connections that the target closed
    std::optional<UsageRecord> usage{}; //!< only if mpfuzz started the target and it is alive
};

struct Trace {
    std::vector<Outcome> outcomes; //!< one for each step
    std::vector<ServedCall> served;
    Ending ending;
    int64_t duration_ns{0};
};

//! True if a call got an answer, or an exception that neither a missing method nor a lost connection explains.
bool HasReply(const program::Program& program, const Trace& trace);

//! A time in milliseconds, such as `12.345`.
std::string Milliseconds(int64_t ns);

//! How much Print() shows of a long text or value.
enum class Detail : uint8_t {
    BRIEF, //!< both ends of it, so that a line fits into a wide terminal
    FULL,  //!< all of it
};

//! A run as text for people. First a line for each step: its text, how and when it ended, and the answer. Then the
//! calls that the target made on our objects, and the state of the target.
std::string Print(const schema::Schema& schema, const program::Program& program, const Trace& trace,
                  Detail detail = Detail::BRIEF);

} // namespace mpfuzz::trace
