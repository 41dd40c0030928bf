#include <mpfuzz/program/program.h>

#include <algorithm>

namespace mpfuzz::program {

std::optional<schema::Type> TypeAt(const schema::Schema& schema, uint32_t struct_index, const Path& path)
{
    schema::Type type{schema::Kind::STRUCT, struct_index};
    for (const PathElement& element : path) {
        if (element.kind == PathElement::Kind::ELEMENT) {
            if (type.kind != schema::Kind::LIST) return std::nullopt;
            type = schema.Element(type);
        } else {
            if (type.kind != schema::Kind::STRUCT) return std::nullopt;
            const auto& fields{schema.GetStruct(type.index).fields};
            if (element.index >= fields.size()) return std::nullopt;
            type = fields[element.index].type;
        }
    }
    return type;
}

std::optional<uint32_t> InterfaceOf(const schema::Schema& schema, const Program& program, const CapabilityRef& ref)
{
    const Step& step{program.steps.at(ref.step)};
    if (const auto* bootstrap{std::get_if<Bootstrap>(&step)}) return bootstrap->interface;
    if (const auto* serve{std::get_if<Serve>(&step)}) return serve->object.interface;
    const auto* call{std::get_if<Call>(&step)};
    if (!call) return std::nullopt;
    const auto type{TypeAt(schema, schema.GetMethod(call->method).results, ref.path)};
    if (!type || type->kind != schema::Kind::INTERFACE) return std::nullopt;
    return type->index;
}

size_t CountCalls(const Program& program)
{
    return std::ranges::count_if(program.steps, [](const Step& step) { return std::holds_alternative<Call>(step); });
}

std::optional<StepIndex> ConnectionOf(const Program& program, StepIndex step)
{
    // References only point backwards, so that this ends.
    while (const auto* call{std::get_if<Call>(&program.steps.at(step))}) step = call->target.step;
    const Step& origin{program.steps.at(step)};
    if (std::holds_alternative<Connect>(origin)) return step;
    if (const auto* bootstrap{std::get_if<Bootstrap>(&origin)}) return bootstrap->connection;
    if (const auto* disconnect{std::get_if<Disconnect>(&origin)}) return disconnect->connection;
    if (const auto* message{std::get_if<Message>(&origin)}) return message->connection;
    if (const auto* bytes{std::get_if<Bytes>(&origin)}) return bytes->connection;
    return std::nullopt;
}

} // namespace mpfuzz::program
