#include <mpfuzz/observe/normalize.h>

#include <algorithm>
#include <array>
#include <optional>

namespace mpfuzz::observe {
namespace {

// The C library's versions depend on the locale.
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsHexDigit(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool IsWord(char c) { return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsPath(char c) { return IsWord(c) || std::string_view{"/.-+~@%"}.find(c) != std::string_view::npos; }

template<typename Predicate>
size_t Span(std::string_view text, Predicate predicate)
{
    return std::find_if_not(text.begin(), text.end(), predicate) - text.begin();
}

//! Length of `2026-01-31T23:59:59Z ` (fractions too) at the start, 0 where there is none.
size_t TimestampLength(std::string_view text)
{
    const size_t length{
        Span(text, [](char c) { return IsDigit(c) || std::string_view{"-:.TZ"}.find(c) != std::string_view::npos; })};
    const std::string_view stamp{text.substr(0, length)};
    const bool is_stamp{length >= 19 && stamp[4] == '-' && stamp.find('T') == 10 && length < text.size() &&
                        text[length] == ' '};
    return is_stamp ? length + 1 : 0;
}

//! Length of a decimal number with fraction and exponent.
size_t NumberLength(std::string_view text)
{
    size_t length{Span(text, IsDigit)};
    if (length + 1 < text.size() && text[length] == '.' && IsDigit(text[length + 1])) {
        length += 1 + Span(text.substr(length + 1), IsDigit);
    }
    if (length + 1 < text.size() && text[length] == 'e') {
        const size_t sign{text[length + 1] == '+' || text[length + 1] == '-' ? 1U : 0U};
        const size_t exponent{Span(text.substr(length + 1 + sign), IsDigit)};
        if (exponent > 0) length += 1 + sign + exponent;
    }
    return length;
}

bool IsHexWord(std::string_view word)
{
    if (word.starts_with("0x")) return word.size() > 2 && Span(word.substr(2), IsHexDigit) == word.size() - 2;
    // Eight digits: the shortest hash that anybody prints; shorter ones may be English ("deadbeef" is its own fault).
    return word.size() >= 8 && Span(word, IsHexDigit) == word.size() && std::any_of(word.begin(), word.end(), IsDigit);
}

bool IsTransient(std::string_view path)
{
    static constexpr std::array<std::string_view, 5> FOLDERS{"/tmp/", "/var/tmp/", "/run/", "/proc/", "/dev/shm/"};
    return std::any_of(FOLDERS.begin(), FOLDERS.end(),
                       [&](std::string_view folder) { return path.starts_with(folder); });
}

//! Length of `:LINE` or `:LINE:COLUMN` at the start of `rest`, 0 where there is none.
size_t LineNumberLength(std::string_view rest)
{
    size_t length{0};
    for (int part{0}; part < 2; ++part) {
        const std::string_view tail{rest.substr(length)};
        if (tail.size() < 2 || tail[0] != ':' || !IsDigit(tail[1])) break;
        length += 1 + Span(tail.substr(1), IsDigit);
    }
    return length;
}

//! True where what has been written ends in something like `mining.cpp`.
bool EndsInFileName(std::string_view written)
{
    const size_t dot{written.find_last_of('.')};
    if (dot == std::string_view::npos || dot == 0 || !IsWord(written[dot - 1])) return false;
    const std::string_view extension{written.substr(dot + 1)};
    static constexpr std::array<std::string_view, 11> EXTENSIONS{"c",   "cc",  "cpp",   "cxx", "c++", "h",
                                                                 "hpp", "h++", "capnp", "ipp", "rs"};
    return std::find(EXTENSIONS.begin(), EXTENSIONS.end(), extension) != EXTENSIONS.end();
}

//! Writes normalised text piece by piece, from left to right.
class Normalizer
{
public:
    explicit Normalizer(std::string_view text) : m_rest{text} { m_rest.remove_prefix(TimestampLength(m_rest)); }

    std::string Run()
    {
        while (!m_rest.empty()) {
            if (!TakeQuoted() && !TakePath() && !TakeLineNumber() && !TakeNumber() && !TakeWord()) Copy(1);
        }
        return std::move(m_out);
    }

private:
    void Copy(size_t length) { Replace(length, m_rest.substr(0, length)); }
    void Replace(size_t length, std::string_view by)
    {
        m_out += by;
        m_rest.remove_prefix(length);
    }

    bool TakeQuoted()
    {
        if (m_rest[0] != '"') return false;
        const size_t end{m_rest.find('"', 1)};
        if (end == std::string_view::npos) return false;
        Replace(end + 1, "\"...\"");
        return true;
    }

    bool TakePath()
    {
        if (!m_out.empty() && IsPath(m_out.back())) return false;
        const std::string_view path{m_rest.substr(0, Span(m_rest, IsPath))};
        if (path.find('/', 1) == std::string_view::npos) return false;
        if (path[0] != '/' && !EndsInFileName(path)) return false; // "either/or"
        Replace(path.size(), IsTransient(path) ? "PATH" : BaseName(path));
        return true;
    }

    bool TakeLineNumber()
    {
        if (m_rest[0] != ':' || !EndsInFileName(m_out)) return false;
        const size_t length{LineNumberLength(m_rest)};
        m_rest.remove_prefix(length);
        return length > 0;
    }

    bool TakeNumber()
    {
        const bool in_word{!m_out.empty() && IsWord(m_out.back())};
        const bool sign{m_rest[0] == '-' && m_rest.size() > 1 && IsDigit(m_rest[1])};
        if (in_word || (!sign && !IsDigit(m_rest[0]))) return false;
        if (IsHexWord(m_rest.substr(0, Span(m_rest, IsWord)))) return false;
        Replace(sign + NumberLength(m_rest.substr(sign)), "N");
        return true;
    }

    bool TakeWord()
    {
        const std::string_view word{m_rest.substr(0, Span(m_rest, IsWord))};
        if (word.empty()) return false;
        Replace(word.size(), IsHexWord(word) ? "N" : word);
        return true;
    }

    std::string_view m_rest;
    std::string m_out;
};

} // namespace

std::string_view BaseName(std::string_view path) { return path.substr(path.find_last_of('/') + 1); }

std::string_view FileName(std::string_view location)
{
    const std::string_view name{BaseName(location)};
    return name.substr(0, name.find(':'));
}

std::string NormalizeWords(std::string_view text) { return Normalizer{text}.Run(); }

std::string OneLine(std::string_view text, size_t max)
{
    std::string line;
    for (const char c : text) {
        if (line.size() >= max) break;
        const bool blank{c == ' ' || c == '\t' || c == '\r' || c == '\n'};
        if (blank && (line.empty() || line.back() == ' ')) continue;
        line += blank ? ' ' : c > ' ' && c <= '~' ? c : '?';
    }
    while (!line.empty() && line.back() == ' ') line.pop_back();
    return line;
}

} // namespace mpfuzz::observe
