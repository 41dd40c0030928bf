#pragma once

#include <mpfuzz/base/check.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdlib.h>
#include <string>
#include <string_view>
#include <system_error>

//! For tests only.
namespace mpfuzz::base {

//! A new, empty directory. The destructor removes it with everything in it.
class TemporaryDirectory
{
public:
    TemporaryDirectory() : m_path{(std::filesystem::temp_directory_path() / "mpfuzz-test-XXXXXX").string()}
    {
        CHECK(mkdtemp(m_path.data()), m_path, std::strerror(errno));
    }
    ~TemporaryDirectory()
    {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    //! The absolute path of the directory, without a slash at its end.
    const std::string& Path() const { return m_path; }
    //! Path of a file in this directory. The file need not exist.
    std::string Path(std::string_view name) const { return m_path + "/" + std::string{name}; }

    //! Write a file, after creating its parent directories.
    //! @return Its path.
    std::string Write(std::string_view name, std::string_view content) const
    {
        const std::filesystem::path path{Path(name)};
        std::filesystem::create_directories(path.parent_path());
        std::ofstream{path, std::ios::binary} << content;
        return path.string();
    }

private:
    std::string m_path;
};

} // namespace mpfuzz::base
