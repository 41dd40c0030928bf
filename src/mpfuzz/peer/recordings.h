#pragma once

#include <mpfuzz/base/result.h>

#include <cstddef>
#include <string>

namespace mpfuzz::peer {

//! A directory of recorded programs, one file a connection: connection-0000.mpf and so on. Files that are there stay.
class Recordings
{
public:
    //! Makes the directory where it is not there.
    static base::Result<Recordings> Open(const std::string& directory);

    //! @return The file's path; an error where it cannot be written.
    base::Result<std::string> Write(const std::string& program);

private:
    explicit Recordings(std::string directory) : m_directory{std::move(directory)} {}

    std::string m_directory;
    size_t m_next{0};
};

} // namespace mpfuzz::peer
