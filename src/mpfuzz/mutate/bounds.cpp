#include <mpfuzz/mutate/bounds.h>

#include <algorithm>
#include <type_traits>

namespace mpfuzz::mutate {

using program::Value;

namespace {

//! At least the words that a step's values come to, and the depth to which they nest.
class Measure
{
public:
    //! @param largest  Most fields of any struct: what each struct counts as, since types are not looked at.
    explicit Measure(uint64_t largest) : m_largest{largest} {}

    void AddFields(const std::vector<program::FieldValue>& fields)
    {
        Add(m_largest);
        for (const program::FieldValue& field : fields) AddValue(field.value);
    }

    void AddServed(const program::ServedObject& object)
    {
        for (const program::Reaction& reaction : object.reactions) {
            Add(1);
            AddFields(reaction.results);
        }
    }

    bool IsOver() const { return m_words > program::MAX_WORDS || m_deepest > program::MAX_DEPTH; }

private:
    //! Saturates: nothing after that matters.
    void Add(uint64_t words)
    {
        m_words = words > 0 && m_repeats > program::MAX_WORDS ? program::MAX_WORDS + 1
                                                              : std::min(m_words + m_repeats * words, TOO_MANY);
    }

    void AddValue(const Value& value)
    {
        m_deepest = std::max(m_deepest, ++m_depth);
        Add(1);
        std::visit([this](const auto& content) { AddContent(content); }, value.content);
        --m_depth;
    }

    template<typename T>
    void AddContent(const T& content)
    {
        if constexpr (std::is_same_v<T, program::Blob>) {
            Add(content.bytes.size() / 8);
        } else if constexpr (std::is_same_v<T, program::DataRef>) {
            for (const program::Edit& edit : content.edits) Add(edit.bytes.size() / 8);
        } else if constexpr (std::is_same_v<T, program::ListValue>) {
            for (const Value& element : content.elements) AddValue(element);
        } else if constexpr (std::is_same_v<T, program::AnyValue>) {
            for (const Value& inner : content.value) AddValue(inner);
        } else if constexpr (std::is_same_v<T, program::StructValue>) {
            AddFields(content.fields);
        } else if constexpr (std::is_same_v<T, program::ServedObject>) {
            AddServed(content);
        } else if constexpr (std::is_same_v<T, program::RepeatValue>) {
            const uint64_t outer{m_repeats};
            m_repeats = std::min(m_repeats * content.count, TOO_MANY);
            for (const Value& element : content.element) AddValue(element);
            m_repeats = outer;
        }
    }

    static constexpr uint64_t TOO_MANY{program::MAX_WORDS + 1};
    const uint64_t m_largest;
    uint64_t m_repeats{1};
    uint64_t m_words{0};
    size_t m_depth{0}, m_deepest{0};
};

} // namespace

bool OverBounds(const schema::Schema& schema, const program::Program& program)
{
    if (program.steps.size() > program::MAX_STEPS) return true;
    uint64_t largest{0};
    for (const schema::Struct& each : schema.Structs()) largest = std::max<uint64_t>(largest, each.fields.size());
    return std::ranges::any_of(program.steps, [&](const program::Step& step) {
        Measure measure{largest};
        if (const auto* call{std::get_if<program::Call>(&step)}) measure.AddFields(call->arguments.fields);
        if (const auto* serve{std::get_if<program::Serve>(&step)}) measure.AddServed(serve->object);
        if (const auto* message{std::get_if<program::Message>(&step)}) measure.AddFields(message->message.fields);
        return measure.IsOver();
    });
}

} // namespace mpfuzz::mutate
