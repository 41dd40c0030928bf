#include <mpfuzz/triage/size.h>

#include <mpfuzz/program/visit.h>

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

//! Adds up the sizes of steps.
class SizeCounter
{
public:
    explicit SizeCounter(const schema::Schema& schema) : m_schema{schema} {}

    void AddStep(const program::Step& step)
    {
        ++m_size.steps;
        if (const auto* bytes{std::get_if<program::Bytes>(&step)}) AddBytes(bytes->bytes, 0);
        if (const auto* delay{std::get_if<program::Delay>(&step)}) AddMagnitude(delay->ms);
        const auto in_fields{[this](const std::vector<program::FieldValue>& fields, const program::FieldsPosition&) {
            m_size.parts += fields.size();
        }};
        const auto in_value{[this](const program::Value& value, const program::ValuePosition& position) {
            AddContent(position.type, value);
        }};
        program::VisitValues(m_schema, step, program::Overloaded{in_fields, in_value});
        program::ForEachServed(step, [this](const program::ServedObject& object) { AddReactions(object); });
        program::ForEachReference(step, [this](const program::StepIndex& named) { m_size.references += named; });
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

    void AddReactions(const program::ServedObject& object)
    {
        for (const program::Reaction& reaction : object.reactions) {
            m_size.parts += reaction.kind == program::Reaction::Kind::RETURN ? 1 : 2;
            AddMagnitude(reaction.exception);
            AddBytes(reaction.message, SIMPLEST_LETTER);
        }
    }

    //! Adds the size of a value itself, without the values inside it.
    void AddContent(Type type, const program::Value& value)
    {
        if (value.As<program::Void>() || value.As<program::Null>() || value.As<program::SeenCapability>()) return;
        ++m_size.parts;
        if (const auto* truth{value.As<bool>()}) {
            AddMagnitude(*truth ? 1 : 0);
        } else if (const auto* number{value.As<int64_t>()}) {
            AddMagnitude(*number < 0 ? uint64_t{0} - static_cast<uint64_t>(*number) : static_cast<uint64_t>(*number));
        } else if (const auto* natural{value.As<uint64_t>()}) {
            AddMagnitude(*natural);
        } else if (const auto* enumerant{value.As<program::EnumValue>()}) {
            AddMagnitude(enumerant->raw);
        } else if (const auto* real{value.As<program::Float>()}) {
            AddMagnitude(FloatRank(type, real->bits));
        } else if (const auto* blob{value.As<program::Blob>()}) {
            AddBytes(blob->bytes, type.kind == Kind::TEXT ? SIMPLEST_LETTER : '\0');
        } else if (const auto* list{value.As<program::ListValue>()}) {
            m_size.parts += list->elements.size();
        } else if (const auto* repeat{value.As<program::RepeatValue>()}) {
            ++m_size.parts;
            AddMagnitude(repeat->count);
        } else if (const auto* data{value.As<program::DataRef>()}) {
            m_size.parts += 1 + data->edits.size();
            for (const program::Edit& edit : data->edits) AddBytes(edit.bytes, 0);
        }
    }

    const schema::Schema& m_schema;
    Size m_size;
};

} // namespace

Size Measure(const schema::Schema& schema, const program::Program& program)
{
    SizeCounter counter{schema};
    for (const program::Step& step : program.steps) counter.AddStep(step);
    return counter.Total();
}

} // namespace mpfuzz::triage
