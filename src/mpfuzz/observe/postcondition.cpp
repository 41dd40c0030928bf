#include <mpfuzz/observe/postcondition.h>

#include <mpfuzz/base/text.h>
#include <mpfuzz/observe/normalize.h>
#include <mpfuzz/observe/title.h>
#include <mpfuzz/program/lexer.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace mpfuzz::observe {
namespace {

using program::Lexer;
using program::Token;
using schema::Kind;

//! Only operands of the same class can be compared.
enum class OperandClass : uint8_t { NUMBER, TRUTH, BYTES, ENUM, WHOLE, NONE };

OperandClass ClassOf(const Operand& operand)
{
    const Kind kind{operand.type.kind};
    if (operand.size || schema::IsInteger(kind) || kind == Kind::FLOAT32 || kind == Kind::FLOAT64)
        return OperandClass::NUMBER;
    switch (kind) {
    case Kind::BOOL: return OperandClass::TRUTH;
    case Kind::TEXT:
    case Kind::DATA: return OperandClass::BYTES;
    case Kind::ENUM: return OperandClass::ENUM;
    case Kind::LIST:
    case Kind::STRUCT: return OperandClass::WHOLE;
    default: return OperandClass::NONE;
    }
}

std::string_view Name(OperandClass operand_class)
{
    static constexpr std::array<std::string_view, 6> NAMES{"a number", "true or false",    "text or data",
                                                           "an enum",  "a list or struct", "no value"};
    return NAMES[static_cast<size_t>(operand_class)];
}

class PostconditionParser
{
public:
    PostconditionParser(const schema::Schema& schema, schema::MethodRef method, std::string_view text)
        : m_schema{schema}, m_text{text}, m_lexer{text}
    {
        m_result.method = method;
        m_result.text = OneLine(text, MAX_TITLE);
    }

    base::Result<Postcondition> Parse()
    {
        bool good{true};
        if (m_lexer.AcceptWord("if")) good = ParseClaim(m_result.condition) && Expect("then");
        good = good && ParseClaim(m_result.claim);
        if (good && m_lexer.Peek().kind != Token::Kind::END) good = FailAt("`and`, or the end, was expected");
        if (!good) return base::Error{m_error};
        return std::move(m_result);
    }

private:
    bool ParseClaim(std::vector<Relation>& out)
    {
        do {
            if (!ParseRelation(out.emplace_back())) return false;
        } while (m_lexer.AcceptWord("and"));
        return true;
    }

    bool ParseRelation(Relation& relation)
    {
        const size_t begin{m_lexer.Peek().column};
        if (!ParseOperand(relation.left) || !ParseComparison(relation.comparison) || !ParseOperand(relation.right))
            return false;
        const size_t end{m_lexer.Peek().kind == Token::Kind::END ? m_text.size() : m_lexer.Peek().column};
        return CheckRelation(relation, OneLine(m_text.substr(begin, end - begin), MAX_TITLE));
    }

    bool ParseComparison(Comparison& comparison)
    {
        if (m_lexer.Accept('=')) {
            comparison = Comparison::EQUAL;
            return m_lexer.Accept('=') || FailAt("`==` was expected");
        }
        if (m_lexer.Accept('!')) {
            comparison = Comparison::UNEQUAL;
            return m_lexer.Accept('=') || FailAt("`!=` was expected");
        }
        if (m_lexer.Accept('<')) {
            comparison = m_lexer.Accept('=') ? Comparison::AT_MOST : Comparison::LESS;
            return true;
        }
        if (m_lexer.Accept('>')) {
            comparison = m_lexer.Accept('=') ? Comparison::AT_LEAST : Comparison::GREATER;
            return true;
        }
        return FailAt("==, !=, <, <=, > or >= was expected");
    }

    bool ParseOperand(Operand& operand)
    {
        const Token token{m_lexer.Next()};
        if (token.kind == Token::Kind::NUMBER) return ParseNumber(token, operand);
        if (token.kind == Token::Kind::STRING || token.kind == Token::Kind::HEX) return ParseBytes(token, operand);
        if (token.kind == Token::Kind::NAME && (token.text == "true" || token.text == "false")) {
            operand.type = {Kind::BOOL, 0};
            operand.constant = token.text == "true";
            return true;
        }
        if (token.kind == Token::Kind::NAME && token.text == "size") return ParseSize(operand);
        const schema::Method& method{m_schema.GetMethod(m_result.method)};
        if (token.text == "answer" || token.text == "previous") {
            operand.source = token.text == "answer" ? Operand::Source::ANSWER : Operand::Source::PREVIOUS;
            return ParsePath(method.results, operand);
        }
        if (token.text == "argument") {
            operand.source = Operand::Source::ARGUMENT;
            return ParsePath(method.params, operand);
        }
        return FailAt("`answer.FIELD`, `argument.FIELD`, `previous.FIELD`, `size(…)`, a number, true, false or a text "
                      "in quotes was expected",
                      token);
    }

    bool ParseSize(Operand& operand)
    {
        if (!Expect('(') || !ParseOperand(operand) || !Expect(')')) return false;
        const Kind kind{operand.type.kind};
        if (operand.size || (kind != Kind::TEXT && kind != Kind::DATA && kind != Kind::LIST))
            return Fail("`size` was given " + std::string{Name(ClassOf(operand))} +
                        ", but takes a text, data or a list");
        operand.size = true;
        return true;
    }

    bool ParsePath(uint32_t struct_index, Operand& operand)
    {
        schema::Type type{Kind::STRUCT, struct_index};
        std::string where{m_schema.MethodName(m_result.method) +
                          (operand.source == Operand::Source::ARGUMENT ? "'s parameters" : "'s results")};
        if (!m_lexer.AtSign('.')) return FailAt("`.FIELD` was expected");
        while (m_lexer.Accept('.')) {
            const Token name{m_lexer.Next()};
            if (name.kind != Token::Kind::NAME) return FailAt("a field's name was expected", name);
            if (type.kind != Kind::STRUCT) return Fail(where + " has no fields: it is " + m_schema.TypeName(type));
            const schema::Struct& fields{m_schema.GetStruct(type.index)};
            const auto field{fields.FindField(name.text)};
            if (!field) return FailField(where, fields, name.text);
            operand.path.push_back({program::PathElement::Kind::FIELD, *field});
            type = fields.fields[*field].type;
            where = "`" + std::string{name.text} + "`";
        }
        operand.type = type;
        return true;
    }

    bool FailField(const std::string& where, const schema::Struct& fields, std::string_view name)
    {
        std::vector<std::string> names;
        for (const auto& field : fields.fields) names.push_back(field.name);
        return Fail(where + (where.ends_with('s') ? " have" : " has") + " no field `" + std::string{name} + "`" +
                    base::DidYouMean(name, names));
    }

    bool ParseNumber(const Token& token, Operand& operand)
    {
        std::string_view digits{token.text};
        const bool hex{digits.starts_with("0x")};
        if (hex) digits.remove_prefix(2);
        const auto parsed{[&](auto& number) {
            const auto [end,
                        error]{std::from_chars(digits.data(), digits.data() + digits.size(), number, hex ? 16 : 10)};
            return error == std::errc{} && end == digits.data() + digits.size();
        }};
        uint64_t natural{0};
        int64_t integer{0};
        if (parsed(natural)) {
            operand.type = {Kind::UINT64, 0};
            operand.constant = natural;
            return true;
        }
        if (!parsed(integer)) return FailAt("a whole number of at most 64 bits was expected", token);
        operand.type = {Kind::INT64, 0};
        operand.constant = integer;
        return true;
    }

    bool ParseBytes(const Token& token, Operand& operand)
    {
        program::Blob blob;
        if (token.kind == Token::Kind::HEX) {
            auto bytes{base::FromHex(token.text)};
            if (!bytes) return FailAt("an even number of hexadecimal digits was expected", token);
            blob.bytes = std::move(*bytes);
        } else if (!program::Unquote(token.text, blob.bytes)) {
            return FailAt("an escape is none of \\n \\t \\r \\\" \\\\ \\xNN", token);
        }
        operand.type = {Kind::TEXT, 0};
        operand.constant = std::move(blob);
        return true;
    }

    bool CheckRelation(Relation& relation, const std::string& text)
    {
        if (!NameEnumerant(relation.left, relation.right) || !NameEnumerant(relation.right, relation.left))
            return false;
        const OperandClass left{ClassOf(relation.left)}, right{ClassOf(relation.right)};
        const auto fail{[&](const std::string& why) { return Fail("`" + text + "`: " + why); }};
        for (const auto* operand : {&relation.left, &relation.right}) {
            if (ClassOf(*operand) == OperandClass::NONE)
                return fail(m_schema.TypeName(operand->type) + " has no value that could be compared");
        }
        if (left != right)
            return fail(std::string{Name(left)} + " and " + std::string{Name(right)} + " cannot be compared");
        const bool same_type{relation.left.type == relation.right.type};
        if ((left == OperandClass::ENUM || left == OperandClass::WHOLE) && !same_type)
            return fail(m_schema.TypeName(relation.left.type) + " and " + m_schema.TypeName(relation.right.type) +
                        " cannot be compared");
        if (left == OperandClass::WHOLE && relation.comparison != Comparison::EQUAL)
            return fail("lists and structs can only be compared with ==");
        if (left != OperandClass::NUMBER && relation.comparison > Comparison::UNEQUAL)
            return fail("only numbers can be compared with <, <=, > and >=");
        return true;
    }

    //! Replaces a quoted text that is compared with an enum by the enumerant of that name.
    bool NameEnumerant(const Operand& type_giver, Operand& constant)
    {
        const auto* blob{constant.constant.As<program::Blob>()};
        if (ClassOf(type_giver) != OperandClass::ENUM || constant.source != Operand::Source::CONSTANT || !blob)
            return true;
        const schema::Enum& type{m_schema.Enums().at(type_giver.type.index)};
        const auto found{std::ranges::find(type.enumerants, blob->bytes)};
        if (found == type.enumerants.end()) {
            return Fail(type.name + " has no enumerant " + base::Quote(blob->bytes) +
                        base::DidYouMean(blob->bytes, type.enumerants, '"'));
        }
        constant.type = type_giver.type;
        constant.constant = program::EnumValue{static_cast<uint16_t>(found - type.enumerants.begin())};
        return true;
    }

    bool Expect(std::string_view word)
    {
        return m_lexer.AcceptWord(word) || FailAt("`" + std::string{word} + "` was expected");
    }
    bool Expect(char sign) { return m_lexer.Accept(sign) || FailAt("`" + std::string(1, sign) + "` was expected"); }

    bool FailAt(const std::string& expected) { return FailAt(expected, m_lexer.Peek()); }
    bool FailAt(const std::string& expected, const Token& token)
    {
        if (token.kind == Token::Kind::BROKEN) return Fail(std::string{token.text});
        if (token.kind == Token::Kind::END) return Fail("at its end: " + expected);
        return Fail("at `" + OneLine(m_text.substr(token.column), MAX_TITLE) + "`: " + expected);
    }
    bool Fail(std::string error)
    {
        m_error = std::move(error);
        return false;
    }

    const schema::Schema& m_schema;
    std::string_view m_text;
    Lexer m_lexer;
    Postcondition m_result;
    std::string m_error;
};

} // namespace

base::Result<std::vector<Postcondition>> ParsePostcondition(const schema::Schema& schema, std::string_view methods,
                                                            std::string_view text)
{
    std::vector<Postcondition> bound;
    for (const schema::MethodRef method : schema.MatchMethods(methods)) {
        auto parsed{PostconditionParser{schema, method, text}.Parse()};
        if (!parsed) return parsed.GetError();
        bound.push_back(std::move(*parsed));
    }
    if (!bound.empty()) return bound;
    std::vector<std::string> names;
    for (const schema::MethodRef method : schema.MatchMethods("*")) names.push_back(schema.MethodName(method));
    return base::Error{"no method matches `" + std::string{methods} + "`" + base::DidYouMean(methods, names)};
}

} // namespace mpfuzz::observe
