#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

struct pcre2_real_code_8;

namespace mpfuzz::observe {

//! A compiled regular expression in Perl's syntax, on bytes. Safe to use from several threads.
//!
//! `.` matches every byte except a line feed. `^` and `$` match at the start and end of each line.
class Regex
{
public:
    //! Where an expression matched. Borrows the text and the Regex.
    class Match
    {
    public:
        //! Offset of the match in the text, and of the first byte after it.
        size_t Begin() const { return m_offsets[0]; }
        size_t End() const { return m_offsets[1]; }
        //! The text of a named group. Returns nullopt if the group did not match or does not exist.
        std::optional<std::string_view> Group(const char* name) const;

    private:
        friend class Regex;
        Match(const Regex& regex, std::string_view text, std::vector<size_t> offsets)
            : m_regex{&regex}, m_text{text}, m_offsets{std::move(offsets)}
        {
        }

        const Regex* m_regex;
        std::string_view m_text;
        std::vector<size_t> m_offsets; //!< begin and end of each group
    };

    //! CHECK fails if the pattern is malformed: all patterns are part of mpfuzz's source.
    explicit Regex(std::string_view pattern);

    //! The leftmost match that begins at `from` or later. Returns nullopt if there is none. Assertions such as `^` also
    //! use the text before `from`.
    //!
    //! The text may be hostile, so the number of steps is limited. A search that reaches the limit returns nullopt.
    std::optional<Match> Search(std::string_view text, size_t from = 0) const;

private:
    struct Free {
        void operator()(pcre2_real_code_8* code) const;
    };
    std::unique_ptr<pcre2_real_code_8, Free> m_code;
};

} // namespace mpfuzz::observe
