#include <mpfuzz/program/line_parser.h>

#include <mpfuzz/base/text.h>
#include <mpfuzz/program/words.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <optional>

namespace mpfuzz::program {

using schema::Kind;
using schema::Type;

namespace {

//! Reads decimal digits, or `0x` and hexadecimal digits. Returns nullopt for any other character, or if the number
//! needs more than 64 bits.
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

uint64_t Bits(Kind kind, double number)
{
    if (kind == Kind::FLOAT64) return std::bit_cast<uint64_t>(number);
    return std::bit_cast<uint32_t>(static_cast<float>(number));
}

} // namespace

bool LineParser::ParseValue(Type type, Value& value)
{
    if (m_depth >= MAX_DEPTH) {
        return Fail(m_lexer.Peek(), "values nest deeper than " + std::to_string(MAX_DEPTH));
    }
    if (++m_values > MAX_WORDS) {
        return Fail(m_lexer.Peek(), "more than " + std::to_string(MAX_WORDS) + " values");
    }
    ++m_depth;
    const bool parsed{ParseContent(type, value)};
    --m_depth;
    return parsed;
}

bool LineParser::ParseContent(Type type, Value& value)
{
    if (m_lexer.AtSign('$')) return ParseData(type, value);
    const bool is_group{type.kind == Kind::STRUCT && m_schema.GetStruct(type.index).is_group};
    if (schema::IsPointer(type.kind) && !is_group && m_lexer.AcceptWord("null")) {
        value.content = Null{};
        return true;
    }
    if (schema::IsInteger(type.kind)) return ParseInteger(type.kind, value);
    switch (type.kind) {
    case Kind::VOID: return ExpectWord("void");
    case Kind::BOOL:
        value.content = m_lexer.AtWord("true");
        return m_lexer.AcceptWord("true") || m_lexer.AcceptWord("false") || FailExpected("true or false");
    case Kind::FLOAT32:
    case Kind::FLOAT64: return ParseFloat(type.kind, value);
    case Kind::TEXT:
    case Kind::DATA: return ParseBytes(value.content.emplace<Blob>().bytes);
    case Kind::ENUM: return ParseEnum(type, value);
    case Kind::STRUCT: return ParseFields(type.index, value.content.emplace<StructValue>());
    case Kind::LIST: return ParseList(m_schema.Element(type), value);
    default: return ParseUntyped(type, value);
    }
}

bool LineParser::ParseFields(uint32_t struct_index, StructValue& value)
{
    if (!Expect('(')) return false;
    while (!m_lexer.AtSign(')')) {
        Token name;
        if (!ExpectIdentifier(name, "a field or \")\"") || !ParseField(struct_index, name, value)) return false;
        if (!m_lexer.Accept(',')) break;
    }
    return Expect(')');
}

bool LineParser::ParseField(uint32_t struct_index, const Token& name, StructValue& value)
{
    const schema::Struct& declared{m_schema.GetStruct(struct_index)};
    const auto field{declared.FindField(name.text)};
    if (!field) {
        return SkipField(name, declared.name + " has no field " + base::Quote(name.text) +
                                   DidYouMean(name.text, declared.fields, &schema::Field::name));
    }
    for (const FieldValue& earlier : value.fields) {
        const schema::Field& other{declared.fields[earlier.field]};
        if (earlier.field == *field) return Fail(name, other.name + " is set twice");
        if (other.in_union && declared.fields[*field].in_union) {
            return Fail(name, other.name + " and " + std::string{name.text} + " cannot both be set");
        }
    }
    if (!Expect('=')) return false;
    const Type type{declared.fields[*field].type};
    if (value.fields.empty() || value.fields.back().field < *field) {
        auto& last{value.fields.emplace_back()};
        last.field = *field;
        return ParseValue(type, last.value);
    }
    Value content;
    if (!ParseValue(type, content)) return false;
    value.Set(*field, std::move(content));
    return true;
}

// An unknown field. An error unless lenient. Otherwise skips the field and its value, up to the struct's next comma or
// its closing parenthesis.
bool LineParser::SkipField(const Token& name, std::string message)
{
    if (!m_lenient) return Fail(name, std::move(message));
    if (!Expect('=')) return false;
    size_t open{0};
    while (open > 0 || !(m_lexer.AtSign(',') || m_lexer.AtSign(')'))) {
        const Token token{m_lexer.Next()};
        if (token.kind == Token::Kind::END || token.kind == Token::Kind::BROKEN) return FailExpected(token, "\")\"");
        if (token.kind != Token::Kind::SIGN) continue;
        const char sign{token.text[0]};
        if (sign == '(' || sign == '[' || sign == '{') ++open;
        if (sign == ')' || sign == ']' || sign == '}') {
            if (open == 0) return FailExpected(token, "\")\"");
            --open;
        }
    }
    m_skipped.push_back({name.column, std::move(message)});
    return true;
}

bool LineParser::ParseList(Type element, Value& value)
{
    if (!Expect('[')) return false;
    auto& list{value.content.emplace<ListValue>()};
    while (!m_lexer.AtSign(']')) {
        if (!ParseValue(element, list.elements.emplace_back())) return false;
        if (list.elements.size() == 1 && m_lexer.Accept('*')) {
            RepeatValue repeat;
            if (!ParseNumber(MAX_REPEAT, repeat.count)) return false;
            repeat.element = std::move(list.elements);
            value.content = std::move(repeat);
            break;
        }
        if (!m_lexer.Accept(',')) break;
    }
    return Expect(']');
}

// A value of an interface, Capability, AnyPointer, AnyStruct or AnyList.
bool LineParser::ParseUntyped(Type type, Value& value)
{
    const bool any{type.kind == Kind::ANY_POINTER || type.kind == Kind::ANY_STRUCT || type.kind == Kind::ANY_LIST};
    const bool capability{type.kind == Kind::ANY_POINTER || !any};
    if (any && m_lexer.AcceptWord("any")) {
        auto& content{value.content.emplace<AnyValue>()};
        std::string_view name;
        Token first;
        if (!ParseName(name, first)) return false;
        const auto found{m_schema.ParseTypeName(name)};
        if (!found) return Fail(first, "there is no type " + base::Quote(name.substr(0, 40)));
        content.type = *found;
        return ParseValue(content.type, content.value.emplace_back());
    }
    if (capability && m_lexer.AcceptWord("serve")) return ParseServed(value.content.emplace<ServedObject>());
    if (capability && m_lexer.Peek().kind == Token::Kind::NAME) {
        return ParseCapability(value.content.emplace<CapabilityRef>());
    }
    return FailExpected(!capability ? "null or: any TYPE VALUE"
                        : any       ? "a capability, null, or: any TYPE VALUE"
                                    : "a capability, null, or: serve INTERFACE");
}

bool LineParser::ParseNumber(uint64_t max, uint64_t& number)
{
    const Token token{m_lexer.Next()};
    const auto parsed{token.kind == Token::Kind::NUMBER ? Magnitude(token.text) : std::nullopt};
    if (!parsed || *parsed > max) return FailExpected(token, "a number from 0 to " + std::to_string(max));
    number = *parsed;
    return true;
}

bool LineParser::ParseInteger(Kind kind, Value& value)
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

bool LineParser::ParseFloat(Kind kind, Value& value)
{
    const Token start{m_lexer.Peek()};
    if (m_lexer.AcceptWord("nan")) return ParseNan(kind, value);
    const bool negative{m_lexer.Accept('-')};
    if (m_lexer.AcceptWord("inf")) {
        value.content = Float{Bits(kind, negative ? -INFINITY : INFINITY)};
        return true;
    }
    const Token token{m_lexer.Next()};
    // A Float32 is parsed as a float: parsing a double and converting it would round twice.
    if (token.kind == Token::Kind::NUMBER && !negative) {
        if (kind == Kind::FLOAT32) {
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

bool LineParser::ParseNan(Kind kind, Value& value)
{
    const bool narrow{kind == Kind::FLOAT32};
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

bool LineParser::ParseEnum(Type type, Value& value)
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
