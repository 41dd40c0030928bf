// Bugs that can be switched on, for a fuzzer to find. All are off by default.
#pragma once

#include <span>
#include <string_view>

namespace mpfuzz::model_node {

//! Which planted bugs are on.
struct Bugs {
    bool worker_exception{false};
    bool option_range{false};
    bool disconnect_in_call{false};
    bool busy_thread{false};
    bool thread_handle_race{false};
    bool destroy_error{false};
    bool lock_order{false};
    bool unkillable{false};
    bool loop_blocking{false};
    bool empty_vector{false};
    bool json_truncated{false};
    bool thread_exhaustion{false};
    bool wait_leak{false};
    bool wrong_template{false};
    bool reordered{false};
    bool pipelined_stale{false};
};

//! One line of the table of bugs: each is a public report about Bitcoin Core or libmultiprocess, made again, but
//! for those that have no report: they break a promise that an oracle of mpfuzz watches over.
struct BugInfo {
    std::string_view name;
    std::string_view description;
    std::string_view report; //!< Empty if there is none.
    bool Bugs::*flag;
};

std::span<const BugInfo> AllBugs();

//! Switch on the bug called `name`. False if there is none.
bool Enable(Bugs& bugs, std::string_view name);

//! Print where and what, then abort: `assert` as Bitcoin Core has it, in release builds too.
[[noreturn]] void FailAssertion(const char* file, int line, const char* function, const char* expression);

} // namespace mpfuzz::model_node

#define MODEL_NODE_ASSERT(expression) \
    ((expression) ? void() : ::mpfuzz::model_node::FailAssertion(__FILE__, __LINE__, __func__, #expression))
