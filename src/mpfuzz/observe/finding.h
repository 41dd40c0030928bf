#pragma once

#include <mpfuzz/program/program.h>
#include <mpfuzz/trace/trace.h>

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mpfuzz::observe {

//! The rule that a finding breaks. oracles.cpp has the table of all kinds.
enum class FindingKind : uint8_t {
    CRASH,
    UNRESPONSIVE,
    NO_REPLY,
    UNKILLABLE,
    CANARY,
    PROTOCOL,
    RESOURCES,
    POSTCONDITION,
    ORDER,
    SEQUENTIAL,   //!< two runs on one target differ: one pipelined, one with every call awaited
    DIFFERENTIAL, //!< two targets answer one program differently
    DRIVER,       //!< a driver of the target reports a bug
};

//! The name of a kind, such as `no-reply`: lower-case letters and hyphens.
std::string_view Name(FindingKind kind);

//! The kind with this name; nullopt if there is none.
std::optional<FindingKind> FindingKindOf(std::string_view name);

//! Two findings are treated as the same finding if their identities are equal.
struct Identity {
    FindingKind kind{FindingKind::CRASH};
    std::string title; //!< one line; the same for every run with the same cause
    friend auto operator<=>(const Identity&, const Identity&) = default;
};

//! `KIND: TITLE`.
std::string Describe(const Identity& identity);
//! The identity that Describe gives this text; nullopt if there is none.
std::optional<Identity> ParseIdentity(std::string_view text);

//! One broken rule that an oracle noticed.
struct Problem {
    std::string title;
    //! What the title leaves out, because it differs from run to run: the step and the values. May be empty, may have
    //! several lines.
    std::string details{};
};

//! A broken rule, and the run that showed it.
struct Finding {
    Identity identity;
    std::string details{}; //!< see Problem
    program::Program program{};
    trace::Trace trace{};
};

} // namespace mpfuzz::observe
