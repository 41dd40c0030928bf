// Bugs that can be switched on, for a fuzzer to find. All are off by default.
#pragma once

#include <span>
#include <string_view>

namespace mpfuzz::model_node {

//! Which planted bugs are switched on.
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

//! One line of the table of bugs. Most imitate a bug with a public report about Bitcoin Core or libmultiprocess. The
//! others violate a rule that an oracle of mpfuzz checks.
struct BugInfo {
    std::string_view name;
    std::string_view description;
    std::string_view report; //!< Empty if there is none.
    bool Bugs::*flag;
};

std::span<const BugInfo> AllBugs();

//! Switches on the bug called `name`. Returns false if there is none.
bool Enable(Bugs& bugs, std::string_view name);

//! Prints the source location and the expression, then aborts. Like `assert` in Bitcoin Core, it is active in release
//! builds too.
[[noreturn]] void FailAssertion(const char* file, int line, const char* function, const char* expression);

} // namespace mpfuzz::model_node

#define MODEL_NODE_ASSERT(expression) \
    ((expression) ? void() : ::mpfuzz::model_node::FailAssertion(__FILE__, __LINE__, __func__, #expression))
