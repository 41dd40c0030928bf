#include <mpfuzz/observe/normalize.h>

#include <mpfuzz/observe/regex.h>

namespace mpfuzz::observe {
namespace {

// The parts of a text that NormalizeWords() changes or keeps. It replaces the groups `quoted`, `temporary` and `number`
// by a word, keeps the groups `absolute`, `relative` and `word`, and removes the rest of a match. The last alternative
// matches whole words, so that digits inside them stay.
constexpr std::string_view TOKENS{R"((?x)
    # 2026-01-31T23:59:59Z at the start, with fractions too
    \A (?= .{4} - .{5} T ) [\d:.TZ-]{19,} [ ]
    # "text"
  | (?<quoted> "[^"]*" )
    # paths that differ from run to run
  | (?<! [\w/.+~@%-] ) (?<temporary> / (?: tmp | var/tmp | run | proc | dev/shm ) / [\w/.+~@%-]* ) (?<colon> :? )
    # /home/me/async.c++
  | (?<! [\w/.+~@%-] ) / [\w/.+~@%-]* / (?<absolute> [\w.+~@%-]* )
    # mp/proxy.cpp, but not either/or
  | (?<! [\w/.+~@%-] ) [\w.+~@%-] [\w/.+~@%-]* /
    (?<relative> [\w.+~@%-]* \w \. (?: c | cc | cpp | cxx | c\+\+ | h | hpp | h\+\+ | capnp | ipp | rs ) )
    (?! [\w/.+~@%-] )
    # :LINE and :LINE:COLUMN behind a file's name
  | (?<= \w\.c | \w\.cc | \w\.cpp | \w\.cxx | \w\.c\+\+ | \w\.h | \w\.hpp | \w\.h\+\+ | \w\.capnp | \w\.ipp | \w\.rs )
    (?: :\d+ )+
    # 0x7f00ab; a hash: eight digits are the shortest that programs print, shorter ones may be English words
  | (?<number> 0x[[:xdigit:]]+ (?!\w) | (?= [a-fA-F]*\d ) [[:xdigit:]]{8,} (?!\w)
    # -7, 1.5e+20
             | (?<!\w) -? \d+ (?: \.\d+ )? (?: e [+-]? \d+ )? )
  | (?<word> \w+ )
)"};

} // namespace

std::string_view BaseName(std::string_view path) { return path.substr(path.find_last_of('/') + 1); }

std::string_view FileName(std::string_view location)
{
    const std::string_view name{BaseName(location)};
    return name.substr(0, name.find(':'));
}

std::string NormalizeWords(std::string_view text)
{
    static const Regex REGEX{TOKENS};
    std::string out;
    size_t done{0};
    while (const auto match{REGEX.Search(text, done)}) {
        out += text.substr(done, match->Begin() - done);
        done = match->End();
        if (match->Group("quoted")) out += "\"...\"";
        if (match->Group("temporary")) out += "PATH" + std::string{*match->Group("colon")};
        if (match->Group("number")) out += "N";
        for (const char* kept : {"absolute", "relative", "word"}) out += match->Group(kept).value_or("");
    }
    return out += text.substr(done);
}

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
