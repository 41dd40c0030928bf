#include <mpfuzz/peer/recordings.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace mpfuzz::peer {

namespace fs = std::filesystem;

base::Result<Recordings> Recordings::Open(const std::string& directory)
{
    std::error_code error;
    fs::create_directories(directory, error);
    if (error) return base::Error{directory + ": cannot be made: " + error.message()};
    return Recordings{directory};
}

base::Result<std::string> Recordings::Write(const std::string& program)
{
    fs::path path;
    do {
        char name[32];
        std::snprintf(name, sizeof(name), "connection-%04zu.mpf", m_next++);
        path = fs::path{m_directory} / name;
    } while (fs::exists(path));
    std::ofstream file{path};
    file << program << std::flush;
    if (!file) return base::Error{path.string() + ": cannot be written"};
    return path.string();
}

} // namespace mpfuzz::peer
