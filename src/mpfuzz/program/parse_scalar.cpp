#include <mpfuzz/program/line_parser.h>

#include <mpfuzz/base/text.h>
#include <mpfuzz/program/words.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <optional>

namespace mpfuzz::program {
namespace {

//! Digits, decimal or after `0x`; nothing where they are not, or exceed 64 bits.
std::optional<uint64_t> Magnitude(std::string_view digits)
{
    const bool hex{digits.starts_with("0x")};
    if (hex) digits.remove_prefix(2);
    uint64_t number{0};
    const auto result{std::from_chars(digits.begin(), digits.end(), number, hex ? 16 : 10)};
    if (digits.empty() || result.ec != std::errc{} || result.ptr != digits.end()) return std::nullopt;
    return number;
}

template<typename Number>
std::optional<Number> Decimal(std::string_view digits)
{
    Number number{0};
    const auto result{std::from_chars(digits.begin(), digits.end(), number)};
    if (result.ec != std::errc{} || result.ptr != digits.end()) return std::nullopt;
    return number;
}

uint64_t Bits(schema::Kind kind, double number)
{
    if (kind == schema::Kind::FLOAT64) return std::bit_cast<uint64_t>(number);
    return std::bit_cast<uint32_t>(static_cast<float>(number));
}

} // namespace

bool LineParser::ParseNumber(uint64_t max, uint64_t& number)
{
    const Token token{m_lexer.Next()};
    const auto parsed{token.kind == Token::Kind::NUMBER ? Magnitude(token.text) : std::nullopt};
    if (!parsed || *parsed > max) return FailExpected(token, "a number from 0 to " + std::to_string(max));
    number = *parsed;
    return true;
}

bool LineParser::ParseInteger(schema::Kind kind, Value& value)
{
    const int64_t min{schema::MinInteger(kind)};
    const uint64_t max{schema::MaxInteger(kind)};
    const Token token{m_lexer.Next()};
    std::optional<uint64_t> number;
    const bool negative{token.text.starts_with('-')};
    if (token.kind == Token::Kind::NUMBER) number = Magnitude(token.text.substr(negative ? 1 : 0));
    const uint64_t limit{negative ? uint64_t{0} - static_cast<uint64_t>(min) : max};
    if (!number || *number > limit) {
        return FailExpected(token, "a number from " + std::to_string(min) + " to " + std::to_string(max));
    }
    if (min == 0) {
        value.content = *number;
    } else {
        value.content = static_cast<int64_t>(negative ? uint64_t{0} - *number : *number);
    }
    return true;
}

bool LineParser::ParseFloat(schema::Kind kind, Value& value)
{
    const Token start{m_lexer.Peek()};
    if (m_lexer.AcceptWord("nan")) return ParseNan(kind, value);
    const bool negative{m_lexer.Accept('-')};
    if (m_lexer.AcceptWord("inf")) {
        value.content = Float{Bits(kind, negative ? -INFINITY : INFINITY)};
        return true;
    }
    const Token token{m_lexer.Next()};
    // A float is parsed as one: going by way of a double would round twice.
    if (token.kind == Token::Kind::NUMBER && !negative) {
        if (kind == schema::Kind::FLOAT32) {
            if (const auto number{Decimal<float>(token.text)}) {
                value.content = Float{std::bit_cast<uint32_t>(*number)};
                return true;
            }
        } else if (const auto number{Decimal<double>(token.text)}) {
            value.content = Float{std::bit_cast<uint64_t>(*number)};
            return true;
        }
    }
    return FailExpected(token.kind == Token::Kind::BROKEN ? token : start,
                        "a number such as 0.5 that fits its type, inf, -inf, nan or nan:0xBITS");
}

bool LineParser::ParseNan(schema::Kind kind, Value& value)
{
    const bool narrow{kind == schema::Kind::FLOAT32};
    Float nan{narrow ? NAN32 : NAN64};
    if (m_lexer.Accept(':')) {
        const Token token{m_lexer.Peek()};
        if (!ParseNumber(narrow ? UINT32_MAX : UINT64_MAX, nan.bits)) return false;
        const bool is_nan{narrow ? std::isnan(std::bit_cast<float>(static_cast<uint32_t>(nan.bits)))
                                 : std::isnan(std::bit_cast<double>(nan.bits))};
        if (!is_nan) return Fail(token, "these are not the bits of a nan");
    }
    value.content = nan;
    return true;
}

bool LineParser::ParseEnum(schema::Type type, Value& value)
{
    const schema::Enum& declared{m_schema.Enums().at(type.index)};
    Token name;
    if (!ExpectIdentifier(name, "an enumerant of " + declared.name)) return false;
    if (name.text == "enum" && m_lexer.Accept('(')) {
        uint64_t raw{0};
        if (!ParseNumber(UINT16_MAX, raw)) return false;
        value.content = EnumValue{static_cast<uint16_t>(raw)};
        return Expect(')');
    }
    for (size_t i{0}; i < declared.enumerants.size(); ++i) {
        if (declared.enumerants[i] == name.text) {
            value.content = EnumValue{static_cast<uint16_t>(i)};
            return true;
        }
    }
    return Fail(name, declared.name + " has no enumerant " + base::Quote(name.text) +
                          DidYouMean(name.text, declared.enumerants));
}

bool LineParser::ParseBytes(std::string& bytes)
{
    const Token token{m_lexer.Next()};
    if (token.kind == Token::Kind::STRING) {
        return Unquote(token.text, bytes) || Fail(token, R"(an unknown escape, expected \n \t \r \" \\ or \xNN)");
    }
    if (token.kind == Token::Kind::HEX) {
        auto decoded{base::FromHex(token.text)};
        if (!decoded) return Fail(token, "these are not pairs of hexadecimal digits");
        bytes = std::move(*decoded);
        return true;
    }
    return FailExpected(token, R"("text" or 0x"00ff")");
}

} // namespace mpfuzz::program
