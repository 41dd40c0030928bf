#include <domains/bitcoin/named_calls.h>

namespace mpfuzz::domains::bitcoin {

namespace {

std::optional<schema::MethodRef> FindMethod(const schema::Schema& schema, std::string_view name)
{
    for (uint32_t interface{0}; interface < schema.Interfaces().size(); ++interface) {
        if (const auto method{schema.FindMethod(interface, name)}) return method;
    }
    return std::nullopt;
}

} // namespace

std::vector<program::DataRef> DataOf(const domain::Builder& builder, const domain::SourceContext& source_context,
                                     std::string_view method, std::string_view field)
{
    std::vector<program::DataRef> answers{
        builder.Answers({schema::Kind::DATA, 0}, {field}, source_context.target.step)};
    std::erase_if(answers, [&](const program::DataRef& answer) {
        const auto& call{std::get<program::Call>(builder.GetProgram().steps[answer.step])};
        return source_context.schema.GetMethod(call.method).name != method;
    });
    return answers;
}

bool CallNamed(domain::Builder& builder, const domain::SourceContext& source_context, std::string_view method)
{
    const auto found{FindMethod(source_context.schema, method)};
    if (!found || builder.Full()) return false;
    const auto target{builder.Obtain(found->interface, source_context.target.step)};
    return target && builder.AddCall(*found, *target);
}

} // namespace mpfuzz::domains::bitcoin
