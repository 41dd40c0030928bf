#include <mpfuzz/program/line_parser.h>

#include <mpfuzz/base/text.h>
#include <mpfuzz/program/validate.h>
#include <mpfuzz/program/words.h>

namespace mpfuzz::program {

using schema::Kind;
using schema::Type;

namespace {

//! The text from the first character of `first` to the last of `last`. Both point into the same line.
std::string_view Span(std::string_view first, std::string_view last)
{
    return {first.data(), static_cast<size_t>(last.data() + last.size() - first.data())};
}

} // namespace

bool LineParser::FindStep(const Token& name, StepIndex& step)
{
    const auto found{m_names.find(name.text)};
    if (found != m_names.end()) {
        step = found->second;
        return true;
    }
    // Sorted, because the suggestion must not depend on the order of a hash table. A hostile text may have very many
    // names: then there is no suggestion.
    constexpr size_t MAX_NAMES{256};
    std::vector<std::string> names;
    if (m_names.size() <= MAX_NAMES) {
        for (const auto& [known, index] : m_names) names.emplace_back(known);
    }
    std::ranges::sort(names);
    return Fail(name, "no step is called " + base::Quote(name.text.substr(0, 40)) + DidYouMean(name.text, names));
}

bool LineParser::ParseReference(const Token& name, CapabilityRef& ref, Type& type, Token* method)
{
    if (!FindStep(name, ref.step)) return false;
    const Step& step{m_program.steps[ref.step]};
    if (const auto* call{std::get_if<Call>(&step)}) {
        type = {Kind::STRUCT, m_schema.GetMethod(call->method).results};
    } else if (const auto known{InterfaceOf(m_schema, m_program, {ref.step, {}})}) {
        type = {Kind::INTERFACE, *known};
    } else {
        return Fail(name, base::Quote(name.text) + " is a connection, expected a capability or an answer");
    }
    return ParsePath(type, ref.path, /*dot_first=*/true, method);
}

bool LineParser::ParsePath(Type& type, Path& path, bool dot_first, Token* method)
{
    for (;;) {
        if (dot_first && m_lexer.Accept('[')) {
            if (!EnterElement(type, path)) return false;
        } else if (!dot_first || m_lexer.Accept('.')) {
            Token name;
            if (!ExpectIdentifier(name, method ? "a field or method" : "a field")) return false;
            if (method && m_lexer.AtSign('(')) {
                *method = name;
                return true;
            }
            if (method && type.kind != Kind::STRUCT) return FailExpected("the method's arguments in parentheses");
            if (!EnterField(name, type, path)) return false;
        } else {
            return !method || FailExpected("\".\", and a method with its arguments");
        }
        dot_first = true;
    }
}

bool LineParser::EnterElement(Type& type, Path& path)
{
    const Token token{m_lexer.Peek()};
    uint64_t index{0};
    if (!ParseNumber(UINT32_MAX, index) || !Expect(']')) return false;
    if (type.kind != Kind::LIST) return Fail(token, m_schema.TypeName(type) + " is not a list");
    type = m_schema.Element(type);
    path.push_back({PathElement::Kind::ELEMENT, static_cast<uint32_t>(index)});
    return true;
}

bool LineParser::EnterField(const Token& name, Type& type, Path& path)
{
    if (type.kind != Kind::STRUCT) {
        return Fail(name, m_schema.TypeName(type) + " has no fields, and so no " + base::Quote(name.text));
    }
    const schema::Struct& declared{m_schema.GetStruct(type.index)};
    const auto field{declared.FindField(name.text)};
    if (!field) {
        return Fail(name, declared.name + " has no field " + base::Quote(name.text) +
                              DidYouMean(name.text, declared.fields, &schema::Field::name));
    }
    type = declared.fields[*field].type;
    path.push_back({PathElement::Kind::FIELD, *field});
    return true;
}

bool LineParser::ParseCapability(CapabilityRef& ref)
{
    Token name;
    Type type;
    return ExpectIdentifier(name, "a capability") && ParseReference(name, ref, type, nullptr) &&
           CheckCapability(name, ref, type);
}

bool LineParser::CheckCapability(const Token& start, const CapabilityRef& ref, Type type)
{
    if (HoldsCapability(type.kind)) return true;
    if (ref.path.empty()) {
        return Fail(start, base::Quote(start.text) + " is an answer, expected a field of it that is a capability");
    }
    return Fail(start, "a " + m_schema.TypeName(type) + " is not a capability");
}

bool LineParser::ParseData(Type type, Value& value)
{
    const Token dollar{m_lexer.Next()};
    Token name;
    CapabilityRef place;
    Type found;
    if (!ExpectIdentifier(name, "the name of a call") || !ParseReference(name, place, found, nullptr)) return false;
    if (!std::holds_alternative<Call>(m_program.steps[place.step])) {
        return Fail(name, base::Quote(name.text) + " is not a call");
    }
    if (!DataFits(m_schema, found, type)) {
        return Fail(dollar,
                    "a " + m_schema.TypeName(found) + " of an answer cannot be used as a " + m_schema.TypeName(type));
    }
    auto& ref{value.content.emplace<DataRef>()};
    ref.step = place.step;
    ref.path = std::move(place.path);
    while (m_lexer.AtSign('|')) {
        const Token bar{m_lexer.Next()};
        if (type.kind != Kind::TEXT && type.kind != Kind::DATA) return Fail(bar, "only Text and Data can be edited");
        if (!ParseEdit(ref)) return false;
    }
    return true;
}

bool LineParser::ParseEdit(DataRef& ref)
{
    size_t kind{0};
    if (!ExpectOneOf(EDIT_WORDS, kind) || !Expect('(')) return false;
    Edit& edit{ref.edits.emplace_back()};
    edit.kind = static_cast<Edit::Kind>(kind);
    if (TakesNumber(edit.kind) && !ParseNumber(UINT64_MAX, edit.number)) return false;
    if (TakesNumber(edit.kind) && TakesBytes(edit.kind) && !Expect(',')) return false;
    if (TakesBytes(edit.kind) && !ParseBytes(edit.bytes)) return false;
    return Expect(')');
}

bool LineParser::ParseName(std::string_view& name, Token& first)
{
    first = m_lexer.Next();
    name = first.text;
    if (first.kind == Token::Kind::QUOTED) return true;
    if (first.kind != Token::Kind::NAME) return FailExpected(first, "the name of a type");
    while (m_lexer.Accept('.')) {
        Token part;
        if (!ExpectIdentifier(part, "the name of a type")) return false;
        name = Span(first.text, part.text);
    }
    return true;
}

bool LineParser::FindInterface(const Token& first, std::string_view name, uint32_t& interface)
{
    if (const auto found{m_schema.FindInterface(name)}) {
        interface = *found;
        return true;
    }
    return Fail(first, "there is no interface " + base::Quote(name.substr(0, 40)) +
                           DidYouMean(name, m_schema.Interfaces(), &schema::Interface::name));
}

bool LineParser::ParseInterface(uint32_t& interface)
{
    Token first;
    std::string_view name;
    return ParseName(name, first) && FindInterface(first, name, interface);
}

// Reads `method`, `Interface.method`, `Outer.Interface.method` or `` `mining.capnp:Interface`.method ``.
bool LineParser::ParseMethodName(Token& interface, std::string_view& interface_name, Token& method)
{
    interface = m_lexer.Next();
    interface_name = {};
    if (interface.kind == Token::Kind::QUOTED) {
        interface_name = interface.text;
        return Expect('.') && ExpectIdentifier(method, "a method");
    }
    if (interface.kind != Token::Kind::NAME) return FailExpected(interface, "a method");
    method = interface;
    while (m_lexer.Accept('.')) {
        interface_name = Span(interface.text, method.text);
        if (!ExpectIdentifier(method, "a method")) return false;
    }
    return true;
}

bool LineParser::ParseQualifiedMethod(schema::MethodRef& method)
{
    Token interface, name;
    std::string_view interface_name;
    Type type{Kind::INTERFACE};
    if (!ParseMethodName(interface, interface_name, name)) return false;
    if (interface_name.empty()) return FailExpected(interface, "INTERFACE.METHOD");
    return FindInterface(interface, interface_name, type.index) && FindMethod(type, name, method);
}

bool LineParser::ParseServed(ServedObject& object)
{
    if (!ParseInterface(object.interface)) return false;
    if (!m_lexer.Accept('{')) return true;
    while (!m_lexer.AtSign('}')) {
        if (!ParseReaction(object.interface, object)) return false;
        if (!m_lexer.Accept(';')) break;
    }
    return Expect('}');
}

bool LineParser::ParseReaction(uint32_t interface, ServedObject& object)
{
    Reaction reaction;
    Token qualifier, name;
    std::string_view qualifier_name;
    Type type{Kind::INTERFACE, interface};
    if (!ParseMethodName(qualifier, qualifier_name, name)) return false;
    if (!qualifier_name.empty() && !FindInterface(qualifier, qualifier_name, type.index)) return false;
    if (!FindMethod(type, name, reaction.method)) return false;
    const auto place{std::ranges::lower_bound(object.reactions, reaction.method, {}, &Reaction::method)};
    if (place != object.reactions.end() && place->method == reaction.method) {
        return Fail(name, "a second reaction to " + base::Quote(name.text));
    }
    if (!Expect(':') || !ParseReactionBody(reaction)) return false;
    object.reactions.insert(place, std::move(reaction));
    return true;
}

bool LineParser::ParseReactionBody(Reaction& reaction)
{
    size_t kind{0};
    if (!ExpectOneOf(REACTION_WORDS, kind)) return false;
    reaction.kind = static_cast<Reaction::Kind>(kind);
    switch (reaction.kind) {
    case Reaction::Kind::NEVER:
    case Reaction::Kind::DISCONNECT: return true;
    case Reaction::Kind::THROW: return ParseThrow(reaction);
    case Reaction::Kind::RETURN:
    case Reaction::Kind::ECHO: break;
    case Reaction::Kind::LATER: {
        uint64_t step{0};
        if (!ParseNumber(MAX_STEPS, step)) return false;
        reaction.step = static_cast<uint32_t>(step);
        break;
    }
    case Reaction::Kind::CALL:
        if (!ParseCallback(reaction)) return false;
        break;
    }
    StructValue results;
    if (!ParseFields(m_schema.GetMethod(reaction.method).results, results)) return false;
    reaction.results = std::move(results.fields);
    return true;
}

bool LineParser::ParseThrow(Reaction& reaction)
{
    size_t exception{0};
    if (!ExpectOneOf(EXCEPTION_WORDS, exception)) return false;
    reaction.exception = static_cast<uint8_t>(exception);
    return ParseBytes(reaction.message);
}

bool LineParser::ParseCallback(Reaction& reaction)
{
    const Token start{m_lexer.Peek()};
    Type type{Kind::STRUCT, m_schema.GetMethod(reaction.method).params};
    if (!ParsePath(type, reaction.callback_target, /*dot_first=*/false, nullptr)) return false;
    if (!HoldsCapability(type.kind)) return Fail(start, "a " + m_schema.TypeName(type) + " is not a capability");
    return ParseQualifiedMethod(reaction.callback) && ExpectWord("then");
}

} // namespace mpfuzz::program
