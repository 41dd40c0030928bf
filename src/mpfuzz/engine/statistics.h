#pragma once

#include <mpfuzz/program/program.h>
#include <mpfuzz/trace/trace.h>

#include <array>
#include <cstdint>
#include <map>
#include <string>

namespace mpfuzz::engine {

//! What became of the calls of one method.
struct MethodCounts {
    uint64_t calls{0};                    //!< sent, or refused on our side
    uint64_t answered{0};                 //!< without an exception
    std::array<uint64_t, 4> exceptions{}; //!< by trace::ExceptionKind
    uint64_t unanswered{0};
    uint64_t canceled{0}; //!< by us
    uint64_t local{0};    //!< never sent, such as a call on a null capability

    uint64_t Exceptions() const;
    void Add(const MethodCounts& other);
};

//! What became of everything so far.
struct Statistics {
    uint64_t programs{0};
    uint64_t restarts{0}; //!< of the target, after the first start
    std::map<schema::MethodRef, MethodCounts> methods;

    void Count(const program::Program& program, const trace::Trace& trace);
    //! Add what another target, or the same one at another time, went through.
    void Add(const Statistics& other);
    MethodCounts Total() const;
    size_t MethodsReached() const; //!< called at least once
};

//! A table for people: one line a method that the schema has, in its order; those never called last.
std::string MethodTable(const schema::Schema& schema, const Statistics& statistics);

//! The same as JSON: an object `{programs, restarts, methods: {NAME: {calls, answered, failed, …}}}`.
std::string StatisticsJson(const schema::Schema& schema, const Statistics& statistics);

} // namespace mpfuzz::engine
