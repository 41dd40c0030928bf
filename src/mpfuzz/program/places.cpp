#include <mpfuzz/base/check.h>
#include <mpfuzz/program/edit.h>

namespace mpfuzz::program {
namespace {

PathElement FieldAt(uint32_t index) { return {PathElement::Kind::FIELD, index}; }
PathElement ElementAt(size_t index) { return {PathElement::Kind::ELEMENT, static_cast<uint32_t>(index)}; }

//! Collects the places inside places, breadth first.
class PlaceFinder
{
public:
    explicit PlaceFinder(const schema::Schema& schema) : m_schema{schema} {}

    std::vector<Place> Find(uint32_t params, const StructValue& arguments) &&
    {
        AddFields(params, arguments, {});
        // Grows as it goes: by index, and by copy.
        for (size_t i{0}; i < m_places.size(); ++i) AddInside(Place{m_places[i]}, *m_values[i]);
        return std::move(m_places);
    }

private:
    void Add(schema::Type type, Path path, PathElement last, const Value& value)
    {
        path.push_back(last);
        m_places.push_back({type, std::move(path)});
        m_values.push_back(&value);
    }

    void AddFields(uint32_t struct_index, const StructValue& value, const Path& path)
    {
        const auto& declared{m_schema.GetStruct(struct_index).fields};
        for (const FieldValue& field : value.fields) {
            Add(declared[field.field].type, path, FieldAt(field.field), field.value);
        }
    }

    void AddInside(const Place& place, const Value& value)
    {
        if (const auto* fields{value.As<StructValue>()}) {
            AddFields(place.type.index, *fields, place.path);
        } else if (const auto* list{value.As<ListValue>()}) {
            const schema::Type type{m_schema.Element(place.type)};
            for (size_t i{0}; i < list->elements.size(); ++i) {
                Add(type, place.path, ElementAt(i), list->elements[i]);
            }
        } else if (const auto* repeat{value.As<RepeatValue>()}) {
            Add(m_schema.Element(place.type), place.path, ElementAt(0), repeat->element.at(0));
        } else if (const auto* any{value.As<AnyValue>()}) {
            Add(any->type, place.path, ElementAt(0), any->value.at(0));
        }
    }

    const schema::Schema& m_schema;
    std::vector<Place> m_places;
    std::vector<const Value*> m_values;
};

Value* Enter(Value& value, PathElement element)
{
    if (element.kind == PathElement::Kind::FIELD) {
        auto* fields{value.As<StructValue>()};
        return fields ? fields->Find(element.index) : nullptr;
    }
    std::vector<Value>* elements{nullptr};
    if (auto* list{value.As<ListValue>()}) elements = &list->elements;
    if (auto* repeat{value.As<RepeatValue>()}) elements = &repeat->element;
    if (auto* any{value.As<AnyValue>()}) elements = &any->value;
    return elements && element.index < elements->size() ? &(*elements)[element.index] : nullptr;
}

} // namespace

std::vector<Place> Places(const schema::Schema& schema, const Step& step)
{
    const auto* call{std::get_if<Call>(&step)};
    if (!call) return {};
    return PlaceFinder{schema}.Find(schema.GetMethod(call->method).params, call->arguments);
}

Value& At(Step& step, const Place& place)
{
    auto* call{std::get_if<Call>(&step)};
    CHECK(call && !place.path.empty());
    Value* value{call->arguments.Find(place.path[0].index)};
    for (size_t i{1}; value && i < place.path.size(); ++i) value = Enter(*value, place.path[i]);
    CHECK(value, place.path.size());
    return *value;
}

} // namespace mpfuzz::program
