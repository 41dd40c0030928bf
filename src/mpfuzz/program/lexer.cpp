#include <mpfuzz/program/lexer.h>

#include <mpfuzz/base/text.h>
#include <mpfuzz/program/words.h>

namespace mpfuzz::program {

Lexer::Lexer(std::string_view line) : m_line{line}, m_next{Scan()} {}

Token Lexer::Next()
{
    const Token token{m_next};
    // Do not go past a broken token: tokens after it would give misleading errors.
    if (token.kind != Token::Kind::BROKEN) m_next = Scan();
    return token;
}

bool Lexer::Accept(char sign)
{
    if (!AtSign(sign)) return false;
    m_next = Scan();
    return true;
}

bool Lexer::AcceptWord(std::string_view word)
{
    if (!AtWord(word)) return false;
    m_next = Scan();
    return true;
}

Token Lexer::Take(Token::Kind kind, size_t end)
{
    const Token token{.kind = kind, .text = m_line.substr(m_position, end - m_position), .column = m_position};
    m_position = end;
    return token;
}

Token Lexer::Scan()
{
    while (m_position < m_line.size() &&
           (m_line[m_position] == ' ' || m_line[m_position] == '\t' || m_line[m_position] == '\r')) {
        ++m_position;
    }
    if (m_position >= m_line.size() || m_line[m_position] == '#') return Take(Token::Kind::END, m_position);
    const char c{m_line[m_position]};
    const char following{m_position + 1 < m_line.size() ? m_line[m_position + 1] : '\0'};
    if (IsNameStart(c)) {
        size_t end{m_position};
        while (end < m_line.size() && IsNamePart(m_line[end])) ++end;
        return Take(Token::Kind::NAME, end);
    }
    if (IsDigit(c) || (c == '-' && IsDigit(following))) return ScanNumber();
    if (c == '"') return ScanQuoted(Token::Kind::STRING, '"');
    if (c == '`') return ScanQuoted(Token::Kind::QUOTED, '`');
    if (c < 0x20 || c >= 0x7f) return {Token::Kind::BROKEN, "this byte is only allowed in a quoted text", m_position};
    return Take(Token::Kind::SIGN, m_position + 1);
}

Token Lexer::ScanNumber()
{
    size_t end{m_position + 1};
    const bool hex{m_line.substr(m_position).starts_with("0x") || m_line.substr(m_position).starts_with("-0x")};
    const auto is_part{[&](size_t i) {
        const char c{m_line[i]};
        const bool exponent{!hex && (m_line[i - 1] == 'e' || m_line[i - 1] == 'E')};
        return IsNamePart(c) || c == '.' || (exponent && (c == '+' || c == '-'));
    }};
    while (end < m_line.size() && is_part(end)) ++end;
    if (m_line.substr(m_position, end - m_position) == "0x" && end < m_line.size() && m_line[end] == '"') {
        const size_t start{m_position};
        m_position = end;
        Token token{ScanQuoted(Token::Kind::HEX, '"')};
        token.column = start;
        return token;
    }
    return Take(Token::Kind::NUMBER, end);
}

Token Lexer::ScanQuoted(Token::Kind kind, char quote)
{
    const size_t start{m_position};
    size_t end{start + 1};
    while (end < m_line.size() && m_line[end] != quote)
        end += kind == Token::Kind::STRING && m_line[end] == '\\' ? 2 : 1;
    if (end >= m_line.size()) return {Token::Kind::BROKEN, "a quote that is not closed", start};
    m_position = end + 1;
    return {kind, m_line.substr(start + 1, end - start - 1), start};
}

bool Unquote(std::string_view text, std::string& bytes)
{
    bytes.clear();
    bytes.reserve(text.size());
    for (size_t i{0}; i < text.size(); ++i) {
        if (text[i] != '\\') {
            bytes += text[i];
            continue;
        }
        if (++i >= text.size()) return false;
        switch (text[i]) {
        case 'n': bytes += '\n'; break;
        case 't': bytes += '\t'; break;
        case 'r': bytes += '\r'; break;
        case '"': bytes += '"'; break;
        case '\\': bytes += '\\'; break;
        case 'x': {
            const auto byte{base::FromHex(text.substr(i + 1, 2))};
            if (!byte || byte->size() != 1) return false;
            bytes += *byte;
            i += 2;
            break;
        }
        default: return false;
        }
    }
    return true;
}

} // namespace mpfuzz::program
