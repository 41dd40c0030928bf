#include <mpfuzz/triage/size.h>

#include <mpfuzz/program/edit.h>

#include <algorithm>
#include <bit>
#include <cmath>

namespace mpfuzz::triage {
namespace {

using schema::Kind;
using schema::Type;

uint64_t FloatRank(Type type, uint64_t bits)
{
    const bool narrow{type.kind == Kind::FLOAT32};
    const double number{narrow ? std::bit_cast<float>(static_cast<uint32_t>(bits)) : std::bit_cast<double>(bits)};
    if (bits == 0) return 0;
    if (number == 1) return 1;
    const bool plain_nan{bits == (narrow ? 0x7fc0'0000 : 0x7ff8'0000'0000'0000)};
    return plain_nan || number == std::trunc(number) ? 2 : 3;
}

//! Adds up the size of values.
class Scale
{
public:
    explicit Scale(const schema::Schema& schema) : m_schema{schema} {}

    void AddStep(const program::Step& step)
    {
        ++m_size.steps;
        if (const auto* call{std::get_if<program::Call>(&step)}) {
            AddFields(m_schema.GetMethod(call->method).params, call->arguments.fields);
        } else if (const auto* serve{std::get_if<program::Serve>(&step)}) {
            AddServed(serve->object);
        } else if (const auto* message{std::get_if<program::Message>(&step)}) {
            AddFields(m_schema.RpcMessage(), message->message.fields);
        } else if (const auto* bytes{std::get_if<program::Bytes>(&step)}) {
            AddBytes(bytes->bytes, 0);
        } else if (const auto* delay{std::get_if<program::Delay>(&step)}) {
            AddMagnitude(delay->ms);
        }
        program::Step copy{step};
        program::ForEachReference(copy, [&](program::StepIndex& named) { m_size.references += named; });
    }

    const Size& Total() const { return m_size; }

private:
    void AddMagnitude(uint64_t magnitude)
    {
        m_size.magnitude_low += magnitude;
        if (m_size.magnitude_low < magnitude) ++m_size.magnitude_high;
    }

    void AddBytes(const std::string& bytes, char simplest)
    {
        m_size.bytes += bytes.size();
        AddMagnitude(bytes.size() - static_cast<size_t>(std::ranges::count(bytes, simplest)));
    }

    void AddFields(uint32_t struct_index, const std::vector<program::FieldValue>& fields)
    {
        const auto& declared{m_schema.GetStruct(struct_index).fields};
        m_size.parts += fields.size();
        for (const program::FieldValue& field : fields) AddValue(declared[field.field].type, field.value);
    }

    void AddServed(const program::ServedObject& object)
    {
        for (const program::Reaction& reaction : object.reactions) {
            m_size.parts += reaction.kind == program::Reaction::Kind::RETURN ? 1 : 2;
            AddMagnitude(reaction.exception);
            AddBytes(reaction.message, SIMPLEST_LETTER);
            AddFields(m_schema.GetMethod(reaction.method).results, reaction.results);
        }
    }

    void AddValue(Type type, const program::Value& value)
    {
        m_type = type;
        std::visit(*this, value.content);
    }

public: // for std::visit
    void operator()(const program::Void&) {}
    void operator()(const program::Null&) {}
    void operator()(const program::SeenCapability&) {}
    void operator()(bool truth)
    {
        ++m_size.parts;
        AddMagnitude(truth ? 1 : 0);
    }
    void operator()(int64_t number)
    {
        ++m_size.parts;
        AddMagnitude(number < 0 ? uint64_t{0} - static_cast<uint64_t>(number) : static_cast<uint64_t>(number));
    }
    void operator()(uint64_t number)
    {
        ++m_size.parts;
        AddMagnitude(number);
    }
    void operator()(const program::EnumValue& value)
    {
        ++m_size.parts;
        AddMagnitude(value.raw);
    }
    void operator()(const program::Float& value)
    {
        ++m_size.parts;
        AddMagnitude(FloatRank(m_type, value.bits));
    }
    void operator()(const program::Blob& blob)
    {
        ++m_size.parts;
        AddBytes(blob.bytes, m_type.kind == Kind::TEXT ? SIMPLEST_LETTER : '\0');
    }
    void operator()(const program::ListValue& list)
    {
        const Type element{m_schema.Element(m_type)};
        m_size.parts += 1 + list.elements.size();
        for (const program::Value& value : list.elements) AddValue(element, value);
    }
    void operator()(const program::RepeatValue& repeat)
    {
        m_size.parts += 2;
        AddMagnitude(repeat.count);
        AddValue(m_schema.Element(m_type), repeat.element.at(0));
    }
    void operator()(const program::StructValue& value)
    {
        ++m_size.parts;
        AddFields(m_type.index, value.fields);
    }
    void operator()(const program::AnyValue& any)
    {
        ++m_size.parts;
        AddValue(any.type, any.value.at(0));
    }
    void operator()(const program::CapabilityRef&) { ++m_size.parts; }
    void operator()(const program::DataRef& ref)
    {
        m_size.parts += 2 + ref.edits.size();
        for (const program::Edit& edit : ref.edits) AddBytes(edit.bytes, 0);
    }
    void operator()(const program::ServedObject& object)
    {
        ++m_size.parts;
        AddServed(object);
    }

private:
    const schema::Schema& m_schema;
    Size m_size;
    Type m_type;
};

} // namespace

Size Measure(const schema::Schema& schema, const program::Program& program)
{
    Scale scale{schema};
    for (const program::Step& step : program.steps) scale.AddStep(step);
    return scale.Total();
}

} // namespace mpfuzz::triage
