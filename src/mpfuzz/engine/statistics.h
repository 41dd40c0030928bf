#pragma once

#include <mpfuzz/program/program.h>
#include <mpfuzz/trace/trace.h>

#include <array>
#include <cstdint>
#include <map>
#include <string>

namespace mpfuzz::engine {

//! How the calls of one method ended.
struct MethodCounts {
    uint64_t calls{0};                    //!< all calls, also those that could not be sent
    uint64_t answered{0};                 //!< without an exception
    std::array<uint64_t, 4> exceptions{}; //!< by trace::ExceptionKind
    uint64_t provoked{0}; //!< exceptions of kind `disconnected` that mpfuzz provoked: see observe::ProvokedDisconnect
    uint64_t unanswered{0};
    uint64_t cancelled{0}; //!< mpfuzz cancelled it
    uint64_t not_sent{0};  //!< failed before it was sent, such as a call on a null capability

    uint64_t Exceptions() const;
    void Add(const MethodCounts& other);
};

//! Counts of programs, restarts and calls.
struct Statistics {
    uint64_t programs{0};
    uint64_t restarts{0}; //!< of the target, without the first start
    std::map<schema::MethodRef, MethodCounts> methods;

    void Count(const program::Program& program, const trace::Trace& trace);
    //! Add the counts of another worker or of an earlier process.
    void Add(const Statistics& other);
    MethodCounts Total() const;
    size_t MethodsReached() const; //!< number of methods with at least one call
};

//! A table with one line for each method that was called, and a line with the totals.
std::string MethodTable(const schema::Schema& schema, const Statistics& statistics);

//! The same counts as JSON: an object `{NAME: {calls, answered, failed, …}}`.
std::string MethodsJson(const schema::Schema& schema, const Statistics& statistics);

} // namespace mpfuzz::engine
