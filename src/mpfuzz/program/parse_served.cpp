#include <mpfuzz/program/line_parser.h>

#include <mpfuzz/base/text.h>
#include <mpfuzz/program/validate.h>
#include <mpfuzz/program/words.h>

namespace mpfuzz::program {
namespace {

//! From the first character of `first` to the last of `last`, which lie in one line.
std::string_view Span(std::string_view first, std::string_view last)
{
    return {first.data(), static_cast<size_t>(last.data() + last.size() - first.data())};
}

} // namespace

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

// `method`, `Interface.method`, `Outer.Interface.method` or `` `mining.capnp:Interface`.method ``.
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
    schema::Type type{schema::Kind::INTERFACE};
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
    schema::Type type{schema::Kind::INTERFACE, interface};
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
    schema::Type type{schema::Kind::STRUCT, m_schema.GetMethod(reaction.method).params};
    if (!ParsePath(type, reaction.callback_target, /*dot_first=*/false, nullptr)) return false;
    if (!HoldsCapability(type.kind)) return Fail(start, "a " + m_schema.TypeName(type) + " is not a capability");
    return ParseQualifiedMethod(reaction.callback) && ExpectWord("then");
}

} // namespace mpfuzz::program
