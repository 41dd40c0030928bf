#include <mpfuzz/base/check.h>
#include <mpfuzz/trace/trace.h>

#include <array>

namespace mpfuzz::trace {

std::string_view Name(Status status)
{
    static constexpr std::array<std::string_view, 7> NAMES{"skipped",    "done",     "answered", "exception",
                                                           "unanswered", "canceled", "local"};
    const auto index{static_cast<size_t>(status)};
    CHECK(index < NAMES.size(), index);
    return NAMES[index];
}

std::string_view Name(ExceptionKind kind)
{
    static constexpr std::array<std::string_view, 4> NAMES{"failed", "overloaded", "disconnected", "unimplemented"};
    const auto index{static_cast<size_t>(kind)};
    CHECK(index < NAMES.size(), index);
    return NAMES[index];
}

} // namespace mpfuzz::trace
