#pragma once

#include <mpfuzz/base/text.h>
#include <mpfuzz/program/lexer.h>
#include <mpfuzz/program/program.h>

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mpfuzz::program {

//! An error in a line. The column counts from 0.
struct LineFault {
    size_t column{0};
    std::string message;
};

//! Reads one line as a step. Every Parse… method consumes the tokens that it reads. At the first error it returns
//! false, and Fault() then returns the error.
class LineParser
{
public:
    //! Steps of earlier lines, by their names in the text.
    using Names = std::unordered_map<std::string_view, StepIndex>;

    //! @param lenient  Skip fields that are not in the schema, instead of failing.
    LineParser(const schema::Schema& schema, const Program& program, const Names& names, bool lenient,
               std::string_view line)
        : m_schema{schema}, m_program{program}, m_names{names}, m_lenient{lenient}, m_lexer{line}
    {
    }

    //! True if the rest of the line is only blanks or a comment.
    bool IsBlank() const { return m_lexer.Peek().kind == Token::Kind::END; }

    //! @param name  Set to the name of the result; empty if the line does not name it.
    bool ParseLine(Step& step, std::string_view& name);

    const LineFault& Fault() const { return m_fault; }
    //! Fields that were skipped because `lenient` was true.
    const std::vector<LineFault>& Skipped() const { return m_skipped; }

private:
    // parse_line.cpp
    bool ParseStatement(const Token& word, Step& step);
    bool ParseMaking(const Token& first, bool has_name, Step& step);
    bool ParseOnConnection(StepIndex connection, bool has_name, Step& step);
    bool ParseCall(const Token& first, Step& step);
    bool ParseCastTarget(CapabilityRef& target, schema::Type& type, Token& method);
    bool FindMethod(schema::Type type, const Token& method, schema::MethodRef& found);
    bool ParseDisconnect(Step& step);
    bool ParseDelay(Step& step);
    bool ParseSignal(Step& step);
    bool ParseCallName(StepIndex& step);

    // parse_value.cpp: values other than references and served objects
    bool ParseValue(schema::Type type, Value& value);
    bool ParseContent(schema::Type type, Value& value);
    bool ParseFields(uint32_t struct_index, StructValue& value);
    bool ParseField(uint32_t struct_index, const Token& name, StructValue& value);
    bool SkipField(const Token& name, std::string message);
    bool ParseList(schema::Type element, Value& value);
    bool ParseUntyped(schema::Type type, Value& value);
    bool ParseInteger(schema::Kind kind, Value& value);
    bool ParseFloat(schema::Kind kind, Value& value);
    bool ParseNan(schema::Kind kind, Value& value);
    bool ParseEnum(schema::Type type, Value& value);
    bool ParseBytes(std::string& bytes);
    bool ParseNumber(uint64_t max, uint64_t& number);

    // parse_reference.cpp: references and served objects
    bool FindStep(const Token& name, StepIndex& step);
    //! @param method  If not null, the last name of the path is a method; its token is stored here.
    bool ParseReference(const Token& name, CapabilityRef& ref, schema::Type& type, Token* method);
    bool ParsePath(schema::Type& type, Path& path, bool dot_first, Token* method);
    bool EnterField(const Token& name, schema::Type& type, Path& path);
    bool EnterElement(schema::Type& type, Path& path);
    bool ParseCapability(CapabilityRef& ref);
    bool CheckCapability(const Token& start, const CapabilityRef& ref, schema::Type type);
    bool ParseData(schema::Type type, Value& value);
    bool ParseEdit(DataRef& ref);
    bool ParseName(std::string_view& name, Token& first);
    bool ParseInterface(uint32_t& interface);
    bool ParseMethodName(Token& interface, std::string_view& interface_name, Token& method);
    bool ParseQualifiedMethod(schema::MethodRef& method);
    bool FindInterface(const Token& first, std::string_view name, uint32_t& interface);
    bool ParseServed(ServedObject& object);
    bool ParseReaction(uint32_t interface, ServedObject& object);
    bool ParseReactionBody(Reaction& reaction);
    bool ParseThrow(Reaction& reaction);
    bool ParseCallback(Reaction& reaction);

    //! Store an error, if it is the first. If the token is BROKEN, its text is the message.
    bool Fail(const Token& at, std::string message);
    //! Fail at a token. The error is `found X, expected Y`.
    bool FailExpected(const Token& at, std::string_view expected);
    //! Fail in the same way at the next token.
    bool FailExpected(std::string_view expected) { return FailExpected(m_lexer.Peek(), expected); }
    bool Expect(char sign);
    bool ExpectWord(std::string_view word);
    //! Read one of `words`. Sets `index` to its index.
    bool ExpectOneOf(std::span<const std::string_view> words, size_t& index);
    bool ExpectIdentifier(Token& name, std::string_view expected);

    const schema::Schema& m_schema;
    const Program& m_program;
    const Names& m_names;
    const bool m_lenient;
    Lexer m_lexer;
    size_t m_depth{0};
    uint64_t m_values{0};
    LineFault m_fault;
    std::vector<LineFault> m_skipped;
};

//! `; did you mean "X"?` if the name of a candidate is similar to the word, otherwise empty. Comparing costs time, and
//! the text may be hostile: so long words, and candidates late in a long list, are not compared.
template<typename Candidates, typename Name = std::identity>
std::string DidYouMean(std::string_view word, const Candidates& candidates, Name name = {})
{
    constexpr size_t MAX_WORD{64};
    constexpr size_t MAX_NAMES{256};
    if (word.size() > MAX_WORD) return {};
    std::vector<std::string> names;
    for (const auto& candidate : candidates) {
        if (names.size() < MAX_NAMES) names.emplace_back(std::invoke(name, candidate));
    }
    return base::DidYouMean(word, names, '"');
}

} // namespace mpfuzz::program
