#include <fuzz_interface/server/bugs.h>

#include <algorithm>
#include <array>

namespace mpfuzz::fuzz_interface {

std::span<const BugInfo> AllBugs()
{
    static constexpr std::array BUGS{
        BugInfo{.name = "truncate-32",
                .description = "RotateInt64 loses the upper half of its argument",
                .flag = &Bugs::truncate_32},
        BugInfo{.name = "sign-lost",
                .description = "Mixed treats a negative number as a large one",
                .flag = &Bugs::sign_lost},
        BugInfo{.name = "reverse-off-by-one",
                .description = "ReverseTransactions does not move the last transaction",
                .flag = &Bugs::reverse_off_by_one},
        BugInfo{.name = "map-order",
                .description = "ReverseFees assumes that the changed keys have the order of the old ones",
                .flag = &Bugs::map_order},
        BugInfo{
            .name = "nan-compared", .description = "MaybeNegate treats a NaN as absent", .flag = &Bugs::nan_compared},
        BugInfo{.name = "empty-memcpy",
                .description = "ReverseBytes copies from the null pointer of an empty vector",
                .flag = &Bugs::empty_memcpy,
                .crashes = true},
        BugInfo{.name = "optional-empty",
                .description = "MaybeReverseText treats an empty text as absent",
                .flag = &Bugs::optional_empty},
        BugInfo{.name = "enum-narrowed",
                .description = "NextColour uses only the lowest bit of its argument",
                .flag = &Bugs::enum_narrowed},
        BugInfo{.name = "callback-after-destroy",
                .description = "CallStored calls a callback that Forget destroyed",
                .flag = &Bugs::callback_after_destroy,
                .crashes = true},
        BugInfo{.name = "double-release",
                .description = "the destructor of a child decrements LiveObjects twice",
                .flag = &Bugs::double_release},
        BugInfo{.name = "wrong-exception",
                .description = "Raise throws a standard exception instead of a FuzzError with code 0",
                .flag = &Bugs::wrong_exception},
        BugInfo{.name = "order-lost",
                .description = "the third visit of an object uses the result of the first visit instead of the second",
                .flag = &Bugs::order_lost},
        BugInfo{.name = "child-is-parent",
                .description = "MakeChild gives the child its parent's id",
                .flag = &Bugs::child_is_parent},
        BugInfo{.name = "null-transaction",
                .description = "ReverseTransactions turns null into an empty transaction",
                .flag = &Bugs::null_transaction},
        BugInfo{.name = "witness-lost",
                .description = "BumpTransaction loses the witness of all inputs but the last",
                .flag = &Bugs::witness_lost},
        BugInfo{.name = "json-depth",
                .description = "WrapJson drops values that are nested 100 levels deep",
                .flag = &Bugs::json_depth},
        BugInfo{.name = "text-nul", .description = "ReverseText ends at the first NUL", .flag = &Bugs::text_nul},
        BugInfo{.name = "script-cut",
                .description = "ReverseScript keeps only 520 bytes, the limit for one element of a script",
                .flag = &Bugs::script_cut},
        BugInfo{.name = "time-truncated",
                .description = "InvertTime loses the microseconds of a time, and keeps its milliseconds",
                .flag = &Bugs::time_truncated},
        BugInfo{
            .name = "bool-words", .description = "NotEach inverts only the first 64 bits", .flag = &Bugs::bool_words},
    };
    return BUGS;
}

bool Enable(Bugs& bugs, std::string_view name)
{
    const auto it{std::ranges::find(AllBugs(), name, &BugInfo::name)};
    if (it == AllBugs().end()) return false;
    bugs.*(it->flag) = true;
    return true;
}

} // namespace mpfuzz::fuzz_interface
