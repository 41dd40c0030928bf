// Planted bugs for a fuzzer to find: mistakes in the conversion of values and in the lifetime of objects. All are off
// by default. They are in the implementation, so a client can see them through any binding.
#pragma once

#include <span>
#include <string_view>

namespace mpfuzz::fuzz_interface {

//! Which planted bugs are on.
struct Bugs {
    bool truncate_32{false};
    bool sign_lost{false};
    bool reverse_off_by_one{false};
    bool map_order{false};
    bool nan_compared{false};
    bool empty_memcpy{false};
    bool optional_empty{false};
    bool enum_narrowed{false};
    bool callback_after_destroy{false};
    bool double_release{false};
    bool wrong_exception{false};
    bool order_lost{false};
    bool child_is_parent{false};
    bool null_transaction{false};
    bool witness_lost{false};
    bool json_depth{false};
    bool text_nul{false};
    bool script_cut{false};
    bool time_truncated{false};
    bool bool_words{false};
};

//! One row of the table of bugs.
struct BugInfo {
    std::string_view name;
    std::string_view description;
    bool Bugs::*flag;
    bool crashes{false}; //!< whether the bug crashes the server; otherwise it gives a wrong answer
};

std::span<const BugInfo> AllBugs();

//! Turns on the bug called `name`. Returns false if there is none.
bool Enable(Bugs& bugs, std::string_view name);

} // namespace mpfuzz::fuzz_interface
