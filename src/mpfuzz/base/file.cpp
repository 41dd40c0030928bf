#include <mpfuzz/base/file.h>

#include <algorithm>
#include <fstream>
#include <ios>
#include <iterator>

namespace mpfuzz::base {

std::string ReadTail(const std::string& path, size_t max_bytes)
{
    std::ifstream file{path, std::ios::binary | std::ios::ate};
    if (!file) return {};
    file.seekg(std::max<std::streamoff>(0, file.tellg() - static_cast<std::streamoff>(max_bytes)));
    return {std::istreambuf_iterator<char>{file}, {}};
}

} // namespace mpfuzz::base
