#pragma once

#include <mpfuzz/program/program.h>
#include <mpfuzz/trace/trace.h>

#include <string>
#include <string_view>

namespace mpfuzz::observe {

//! One thing that an oracle noticed.
struct Finding {
    std::string kind;  //!< the oracle's name: `crash`, `no-reply`, `unresponsive`
    std::string title; //!< stable across runs: what to deduplicate by
    program::Program program;
    trace::Trace trace;
};

} // namespace mpfuzz::observe
