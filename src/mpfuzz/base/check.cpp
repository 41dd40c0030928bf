#include <mpfuzz/base/check.h>

#include <cstdio>
#include <cstdlib>

namespace mpfuzz::base {

void CheckFailed(std::string_view file, int line, std::string_view condition, std::string_view values)
{
    std::fprintf(stderr, "mpfuzz bug: %.*s:%d: %.*s%s%.*s%s\n", static_cast<int>(file.size()), file.data(), line,
                 static_cast<int>(condition.size()), condition.data(), values.empty() ? "" : " (",
                 static_cast<int>(values.size()), values.data(), values.empty() ? "" : ")");
    std::fflush(stderr);
    std::_Exit(EXIT_OWN_BUG);
}

} // namespace mpfuzz::base
