#include <mpfuzz/triage/environment.h>

#include <mpfuzz/base/text.h>
#include <mpfuzz/observe/normalize.h>
#include <mpfuzz/triage/finding_files.h>

#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <elf.h>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sys/utsname.h>
#include <system_error>
#include <unistd.h>

namespace mpfuzz::triage {
namespace {

//! Largest number of segments, and size of one with notes in bytes. Real programs have some ten segments, and notes of
//! less than 1 KiB.
constexpr size_t MAX_SEGMENTS{256};
constexpr size_t MAX_NOTES{size_t{64} << 10};
//! Largest build id in bytes. Linkers write 8 to 20.
constexpr size_t MAX_BUILD_ID{64};
//! Largest version in bytes. A guess.
constexpr size_t MAX_VERSION{200};

//! `size` bytes of a file; nullopt if the file does not have them.
std::optional<std::string> ReadAt(std::ifstream& file, uint64_t offset, size_t size)
{
    std::string bytes(size, '\0');
    // A failed read would also make later reads fail.
    file.clear();
    if (!file.seekg(static_cast<std::streamoff>(offset)) ||
        !file.read(bytes.data(), static_cast<std::streamsize>(size)))
        return std::nullopt;
    return bytes;
}

//! The structure at the beginning of some bytes; nullopt if they are too short.
template<typename Structure>
std::optional<Structure> Decode(std::string_view bytes)
{
    if (bytes.size() < sizeof(Structure)) return std::nullopt;
    Structure structure;
    std::memcpy(&structure, bytes.data(), sizeof(Structure));
    return structure;
}

//! Cuts a part off the front of notes. Parts are padded to multiples of four bytes; the last one may lack its padding.
std::optional<std::string_view> TakePart(std::string_view& notes, size_t size)
{
    if (size > notes.size()) return std::nullopt;
    const std::string_view part{notes.substr(0, size)};
    notes.remove_prefix(std::min((size + 3) / 4 * 4, notes.size()));
    return part;
}

std::string FindBuildId(std::string_view notes)
{
    while (const auto header{Decode<Elf64_Nhdr>(notes)}) {
        notes.remove_prefix(sizeof(*header));
        const auto name{TakePart(notes, header->n_namesz)};
        const auto content{name ? TakePart(notes, header->n_descsz) : std::nullopt};
        if (!content) return {};
        if (header->n_type == NT_GNU_BUILD_ID && *name == std::string_view{"GNU", 4} && content->size() <= MAX_BUILD_ID)
            return base::ToHex(*content);
    }
    return {};
}

//! The path of a program, as execvp() finds it; empty if there is none.
std::string FindProgram(std::string_view program)
{
    if (program.empty() || program.find('/') != std::string_view::npos) return std::string{program};
    const char* const variable{std::getenv("PATH")};
    std::string_view directories{variable ? variable : ""};
    for (;;) {
        const size_t colon{directories.find(':')};
        const std::string directory{directories.substr(0, colon)};
        std::string path{(directory.empty() ? "." : directory) + "/" + std::string{program}};
        if (::access(path.c_str(), X_OK) == 0) return path;
        if (colon == std::string_view::npos) return {};
        directories.remove_prefix(colon + 1);
    }
}

//! PRETTY_NAME of /etc/os-release, such as `Debian GNU/Linux 12 (bookworm)`; empty if there is none.
std::string Distribution()
{
    constexpr std::string_view KEY{"PRETTY_NAME="};
    std::ifstream file{"/etc/os-release"};
    for (std::string line; std::getline(file, line);) {
        if (!line.starts_with(KEY)) continue;
        line.erase(0, KEY.size());
        std::erase(line, '"');
        return line;
    }
    return {};
}

std::string Os()
{
    const std::string distribution{Distribution()};
    utsname kernel{};
    ::uname(&kernel);
    return distribution + (distribution.empty() ? "" : ", ") + kernel.sysname + " " + kernel.release + " " +
           kernel.machine;
}

std::string Compiler()
{
#ifdef __clang__
    return __VERSION__;
#else
    return "g++ " __VERSION__;
#endif
}

} // namespace

std::string BuildIdOf(const std::string& path)
{
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(path, ignored)) return {};
    std::ifstream file{path, std::ios::binary};
    const auto begin{ReadAt(file, 0, sizeof(Elf64_Ehdr))};
    const auto header{begin ? Decode<Elf64_Ehdr>(*begin) : std::nullopt};
    constexpr unsigned char BYTE_ORDER_HERE{std::endian::native == std::endian::little ? ELFDATA2LSB : ELFDATA2MSB};
    if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 || header->e_ident[EI_CLASS] != ELFCLASS64 ||
        header->e_ident[EI_DATA] != BYTE_ORDER_HERE || header->e_phentsize != sizeof(Elf64_Phdr)) {
        return {};
    }
    const size_t segments{std::min<size_t>(header->e_phnum, MAX_SEGMENTS)};
    const auto table{ReadAt(file, header->e_phoff, segments * sizeof(Elf64_Phdr))};
    if (!table) return {};
    for (size_t i{0}; i < segments; ++i) {
        const auto segment{*Decode<Elf64_Phdr>(std::string_view{*table}.substr(i * sizeof(Elf64_Phdr)))};
        if (segment.p_type != PT_NOTE || segment.p_filesz > MAX_NOTES) continue;
        const auto notes{ReadAt(file, segment.p_offset, segment.p_filesz)};
        if (!notes) continue;
        if (auto id{FindBuildId(*notes)}; !id.empty()) return id;
    }
    return {};
}

std::string FirstLineOf(const std::vector<std::string>& words)
{
    std::string command{"exec timeout 5"};
    for (const std::string& word : words) command += " " + ShellQuote(word);
    // The shell gets no standard input, and no word is left unquoted.
    FILE* const pipe{popen((command + " </dev/null 2>/dev/null").c_str(), "re")};
    if (!pipe) return {};
    std::string line(MAX_VERSION, 0);
    const bool read{fgets(line.data(), static_cast<int>(line.size()), pipe) != nullptr};
    while (fgetc(pipe) != EOF) {
    }
    if (pclose(pipe) != 0 || !read) return {};
    return observe::OneLine(line.c_str(), MAX_VERSION);
}

Environment CollectEnvironment(std::string_view program)
{
    const std::string commit{MPFUZZ_COMMIT};
    return {.mpfuzz = MPFUZZ_VERSION + (commit.empty() ? "" : " (" + commit + ")"),
            .compiler = Compiler(),
            .os = Os(),
            .target_build_id = BuildIdOf(FindProgram(program))};
}

} // namespace mpfuzz::triage
