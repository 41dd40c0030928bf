#include <mpfuzz/program/line_parser.h>

#include <mpfuzz/base/text.h>
#include <mpfuzz/program/validate.h>
#include <mpfuzz/program/words.h>

namespace mpfuzz::program {

using schema::Kind;
using schema::Type;

bool LineParser::FindStep(const Token& name, StepIndex& step)
{
    const auto found{m_names.find(name.text)};
    if (found != m_names.end()) {
        step = found->second;
        return true;
    }
    // Sorted, because the suggestion must not depend on the order of a hash table. Not for hostile amounts.
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
        return Fail(name, m_schema.TypeName(type) + " has no fields, so no " + base::Quote(name.text));
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
        return Fail(start, base::Quote(start.text) + " is an answer, expected the field of it that is a capability");
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
                    "a " + m_schema.TypeName(found) + " of an answer cannot stand for a " + m_schema.TypeName(type));
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

} // namespace mpfuzz::program
