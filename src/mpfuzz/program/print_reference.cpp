#include <mpfuzz/program/print_value.h>
#include <mpfuzz/program/words.h>

namespace mpfuzz::program {

void ValuePrinter::PrintReference(StepIndex step, const Path& path)
{
    if (step < m_names.size()) {
        m_out += m_names[step];
    } else {
        m_out += '#';
        PrintNumber(step);
    }
    const Call* call{m_program && step < m_program->steps.size() ? std::get_if<Call>(&m_program->steps[step])
                                                                 : nullptr};
    PrintPath(call ? std::optional{m_schema.GetMethod(call->method).results} : std::nullopt, path,
              /*leading_dot=*/true);
}

void ValuePrinter::PrintPath(std::optional<uint32_t> struct_index, const Path& path, bool leading_dot)
{
    using schema::Kind;
    schema::Type type{struct_index ? schema::Type{Kind::STRUCT, *struct_index} : schema::Type{}};
    for (const PathElement& element : path) {
        if (element.kind == PathElement::Kind::ELEMENT) {
            m_out += '[';
            PrintNumber(element.index);
            m_out += ']';
            type = ElementType(type);
            continue;
        }
        if (leading_dot) m_out += '.';
        leading_dot = true;
        const auto* fields{type.kind == Kind::STRUCT ? &m_schema.GetStruct(type.index).fields : nullptr};
        if (fields && element.index < fields->size()) {
            m_out += (*fields)[element.index].name;
            type = (*fields)[element.index].type;
        } else {
            m_out += '#';
            PrintNumber(element.index);
            type = {};
        }
    }
}

void ValuePrinter::PrintData(const DataRef& ref)
{
    m_out += '$';
    PrintReference(ref.step, ref.path);
    for (const Edit& edit : ref.edits) {
        m_out += '|';
        m_out += EDIT_WORDS[static_cast<size_t>(edit.kind)];
        m_out += '(';
        if (TakesNumber(edit.kind)) PrintNumber(edit.number);
        if (TakesNumber(edit.kind) && TakesBytes(edit.kind)) m_out += ", ";
        if (TakesBytes(edit.kind)) PrintBytes(edit.bytes);
        m_out += ')';
    }
}

void ValuePrinter::PrintServed(const ServedObject& object)
{
    PrintName(m_schema.GetInterface(object.interface).name);
    if (object.reactions.empty()) return;
    m_out += " { ";
    bool first{true};
    for (const Reaction& reaction : object.reactions) {
        if (!first) m_out += "; ";
        first = false;
        PrintReaction(object.interface, reaction);
    }
    m_out += " }";
}

void ValuePrinter::PrintMethod(schema::MethodRef method)
{
    PrintName(m_schema.GetInterface(method.interface).name);
    m_out += '.';
    m_out += m_schema.GetMethod(method).name;
}

void ValuePrinter::PrintReaction(uint32_t interface, const Reaction& reaction)
{
    const schema::Method& method{m_schema.GetMethod(reaction.method)};
    if (m_schema.FindMethod(interface, method.name) == reaction.method) {
        m_out += method.name;
    } else {
        PrintMethod(reaction.method);
    }
    m_out += ": ";
    m_out += REACTION_WORDS[static_cast<size_t>(reaction.kind)];
    switch (reaction.kind) {
    case Reaction::Kind::NEVER:
    case Reaction::Kind::DISCONNECT: return;
    case Reaction::Kind::THROW:
        m_out += ' ';
        m_out += EXCEPTION_WORDS[reaction.exception];
        m_out += ' ';
        PrintBytes(reaction.message);
        return;
    case Reaction::Kind::RETURN:
    case Reaction::Kind::ECHO: break;
    case Reaction::Kind::LATER:
        m_out += ' ';
        PrintNumber(reaction.step);
        break;
    case Reaction::Kind::CALL:
        m_out += ' ';
        PrintPath(method.params, reaction.callback_target, /*leading_dot=*/false);
        m_out += ' ';
        PrintMethod(reaction.callback);
        m_out += " then";
        break;
    }
    m_out += ' ';
    PrintFields(method.results, reaction.results);
}

} // namespace mpfuzz::program
