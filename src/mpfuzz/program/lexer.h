#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mpfuzz::program {

//! A token of one line. `text` points into the line.
struct Token {
    enum class Kind : uint8_t {
        END,    //!< the end of the line, or a comment
        NAME,   //!< letters, digits and underscores, not beginning with a digit
        QUOTED, //!< a name in backquotes. text: without the backquotes
        NUMBER, //!< digits with an optional sign, fraction, exponent, prefix or unit: `-1`, `0xff`, `1e-07`, `20ms`
        STRING, //!< a text in double quotes. text: without the quotes; escapes are not decoded
        HEX,    //!< bytes such as `0x"00ff"`. text: the digits
        SIGN,   //!< any other single character
        BROKEN, //!< an error. text: its message
    } kind{Kind::END};
    std::string_view text;
    size_t column{0}; //!< column of its first character; the first column is 0
};

//! Splits one line into tokens, without allocating.
class Lexer
{
public:
    explicit Lexer(std::string_view line);

    //! The next token. Does not consume it.
    const Token& Peek() const { return m_next; }
    //! Consume and return the next token. A BROKEN token is never consumed.
    Token Next();
    //! Consume the next token if it is this character. @return True if it was consumed.
    bool Accept(char sign);
    //! Consume the next token if it is this name. @return True if it was consumed.
    bool AcceptWord(std::string_view word);
    bool AtSign(char sign) const { return m_next.kind == Token::Kind::SIGN && m_next.text[0] == sign; }
    bool AtWord(std::string_view word) const { return m_next.kind == Token::Kind::NAME && m_next.text == word; }

private:
    Token Scan();
    Token ScanNumber();
    Token ScanQuoted(Token::Kind kind, char quote);
    Token Take(Token::Kind kind, size_t end);

    std::string_view m_line;
    size_t m_position{0};
    Token m_next;
};

//! Decodes the text of a STRING token. The escapes are `\n \t \r \" \\ \xNN`. Other characters are not changed.
//!
//! @return False if the text has an unknown escape.
bool Unquote(std::string_view text, std::string& bytes);

} // namespace mpfuzz::program
