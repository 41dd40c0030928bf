#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mpfuzz::program {

//! A token of one line. `text` points into the line.
struct Token {
    enum class Kind : uint8_t {
        END,    //!< of the line, or a comment
        NAME,   //!< letters, digits and underscores, not beginning with a digit
        QUOTED, //!< text: between backquotes
        NUMBER, //!< digits with an optional sign, fraction, exponent, prefix or unit: `-1`, `0xff`, `1e-07`, `20ms`
        STRING, //!< text: between double quotes, with its escapes
        HEX,    //!< text: the digits of `0x"…"`
        SIGN,   //!< any other single character
        BROKEN, //!< an error; text: its message
    } kind{Kind::END};
    std::string_view text;
    size_t column{0}; //!< of its first character, from 0
};

//! Splits one line into tokens, without allocating.
class Lexer
{
public:
    explicit Lexer(std::string_view line);

    //! The next token, not yet consumed.
    const Token& Peek() const { return m_next; }
    //! Consume it.
    Token Next();
    //! Consume it if it is this character.
    bool Accept(char sign);
    //! Consume it if it is this name.
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

//! Bytes of a STRING token: `\n \t \r \" \\ \xNN`, and every other character as it is.
//!
//! @return False if there is another escape.
bool Unquote(std::string_view text, std::string& bytes);

} // namespace mpfuzz::program
