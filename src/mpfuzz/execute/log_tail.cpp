#include <mpfuzz/execute/log_tail.h>

#include <mpfuzz/base/file.h>

#include <algorithm>

namespace mpfuzz::execute {
namespace {

//! Where the last line begins that a sanitizer opens its report with, such as `==17==ERROR: AddressSanitizer: …`.
size_t StartOfReport(const std::string& log)
{
    const size_t heading{std::max(log.rfind("==ERROR: ") + 1, log.rfind("WARNING: ThreadSanitizer: ") + 1)};
    return heading == 0 ? std::string::npos : log.rfind('\n', heading - 1) + 1;
}

} // namespace

std::string LogTailOf(const std::string& path)
{
    std::string log{base::ReadTail(path, LONGEST_REPORT_BYTES)};
    const size_t tail{log.size() - std::min(log.size(), LAST_WORDS_BYTES)};
    return log.substr(std::min(tail, StartOfReport(log)));
}

} // namespace mpfuzz::execute
