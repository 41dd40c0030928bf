#include <mpfuzz/triage/memo.h>

#include <mpfuzz/base/digest.h>
#include <mpfuzz/triage/files.h>
#include <mpfuzz/triage/store.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <unistd.h>
#include <utility>

namespace mpfuzz::triage {
namespace {

constexpr size_t DIGITS{16};

std::string Line(uint64_t digest)
{
    char text[DIGITS + 2];
    std::snprintf(text, sizeof(text), "%016llx\n", static_cast<unsigned long long>(digest));
    return text;
}

std::optional<uint64_t> ParseDigest(std::string_view line)
{
    uint64_t digest{0};
    const auto [end, error]{std::from_chars(line.data(), line.data() + line.size(), digest, 16)};
    if (line.size() != DIGITS || error != std::errc{} || end != line.data() + line.size()) return std::nullopt;
    return digest;
}

//! The digests in the complete lines after the first line. Returns nullopt if the first line is not the subject.
std::optional<std::unordered_set<uint64_t>> ParseMemo(std::string_view text, std::string_view subject)
{
    std::unordered_set<uint64_t> digests;
    bool first{true};
    for (size_t end{text.find('\n')}; end != std::string_view::npos; end = text.find('\n')) {
        const std::string_view line{text.substr(0, end)};
        text.remove_prefix(end + 1);
        if (std::exchange(first, false)) {
            if (line != subject) return std::nullopt;
        } else if (const auto digest{ParseDigest(line)}) {
            digests.insert(*digest);
        }
    }
    if (first) return std::nullopt;
    return digests;
}

} // namespace

base::Result<Memo> Memo::Open(const std::string& path, std::string_view subject)
{
    const auto text{ReadFile(path)};
    auto digests{text ? ParseMemo(*text, subject) : std::nullopt};
    const bool incomplete{digests && !text->ends_with('\n')};
    if (!digests || incomplete) {
        // Write the file again without the incomplete line, so that the next digest begins a new line.
        if (!digests) digests.emplace();
        std::string content{std::string{subject} + "\n"};
        if (incomplete) content = text->substr(0, text->rfind('\n') + 1);
        if (auto status{WriteFile(path, content)}; !status) return status.GetError();
    }
    const int fd{::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC)};
    if (fd < 0) return base::Error{"cannot open " + path + ": " + std::strerror(errno)};
    return Memo{fd, std::move(*digests)};
}

Memo::Memo(int fd, std::unordered_set<uint64_t> digests) : m_fd{fd}, m_digests{std::move(digests)} {}

Memo::Memo(Memo&& other) noexcept : m_fd{std::exchange(other.m_fd, -1)}, m_digests{std::move(other.m_digests)} {}

Memo::~Memo()
{
    if (m_fd >= 0) ::close(m_fd);
}

void Memo::Add(uint64_t digest)
{
    if (!m_digests.insert(digest).second) return;
    const std::string line{Line(digest)};
    // Write each line with one system call, so that the lines of two processes that minimise the same finding are
    // not mixed.
    [[maybe_unused]] const ssize_t written{::write(m_fd, line.data(), line.size())};
}

std::string MemoSubject(uint64_t schema_hash, const Identity& identity, std::span<const std::string> extra_arguments)
{
    std::string arguments;
    for (const std::string& argument : extra_arguments) arguments += argument + '\0';
    std::string schema{Line(schema_hash)};
    schema.pop_back();
    return "mpfuzz minimize 1: schema " + schema + " finding " + DirectoryName(identity) + " arguments " +
           base::DigestHex(arguments);
}

} // namespace mpfuzz::triage
