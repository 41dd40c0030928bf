#include <mpfuzz/program/edit.h>

#include <mpfuzz/base/check.h>

#include <algorithm>

namespace mpfuzz::program {
namespace {

PathElement FieldAt(uint32_t index) { return {PathElement::Kind::FIELD, index}; }
PathElement ElementAt(size_t index) { return {PathElement::Kind::ELEMENT, static_cast<uint32_t>(index)}; }

//! Collects the places inside places, breadth first.
class PathFinder
{
public:
    PathFinder(const schema::Schema& schema, bool in_served) : m_schema{schema}, m_in_served{in_served} {}

    void AddFields(uint32_t struct_index, const std::vector<FieldValue>& fields, const Path& path)
    {
        const auto& declared{m_schema.GetStruct(struct_index).fields};
        for (const FieldValue& field : fields) {
            const schema::Field& about{declared[field.field]};
            Add(about.type, path, FieldAt(field.field), field.value);
            m_places.back().unset_is_zero = !about.in_union && about.default_value.empty();
        }
    }

    void AddServed(const ServedObject& object, const Path& path)
    {
        for (size_t i{0}; i < object.reactions.size(); ++i) {
            Path inner{path};
            inner.push_back(ElementAt(i));
            AddFields(m_schema.GetMethod(object.reactions[i].method).results, object.reactions[i].results, inner);
        }
    }

    std::vector<ArgumentPath> Find() &&
    {
        // Grows as it goes: by index, and by copy.
        for (size_t i{0}; i < m_places.size(); ++i) AddInside(ArgumentPath{m_places[i]}, *m_values[i]);
        return std::move(m_places);
    }

private:
    void Add(schema::Type type, Path path, PathElement last, const Value& value)
    {
        path.push_back(last);
        m_places.push_back({type, std::move(path)});
        m_values.push_back(&value);
    }

    void AddInside(const ArgumentPath& place, const Value& value)
    {
        if (const auto* fields{value.As<StructValue>()}) {
            AddFields(place.type.index, fields->fields, place.path);
        } else if (const auto* list{value.As<ListValue>()}) {
            const schema::Type type{m_schema.Element(place.type)};
            for (size_t i{0}; i < list->elements.size(); ++i) {
                Add(type, place.path, ElementAt(i), list->elements[i]);
            }
        } else if (const auto* repeat{value.As<RepeatValue>()}) {
            Add(m_schema.Element(place.type), place.path, ElementAt(0), repeat->element.at(0));
        } else if (const auto* any{value.As<AnyValue>()}) {
            Add(any->type, place.path, ElementAt(0), any->value.at(0));
        } else if (const auto* object{value.As<ServedObject>()}; object && m_in_served) {
            AddServed(*object, place.path);
        }
    }

    const schema::Schema& m_schema;
    const bool m_in_served;
    std::vector<ArgumentPath> m_places;
    std::vector<const Value*> m_values;
};

//! The element of a list, of an untyped pointer; null where there is none.
Value* ElementOf(Value& value, uint32_t index)
{
    std::vector<Value>* elements{nullptr};
    if (auto* list{value.As<ListValue>()}) elements = &list->elements;
    if (auto* repeat{value.As<RepeatValue>()}) elements = &repeat->element;
    if (auto* any{value.As<AnyValue>()}) elements = &any->value;
    return elements && index < elements->size() ? &(*elements)[index] : nullptr;
}

//! Goes down from a step to one of its places.
class Descent
{
public:
    explicit Descent(Step& step)
    {
        if (auto* call{std::get_if<Call>(&step)}) m_fields = &call->arguments.fields;
        if (auto* message{std::get_if<Message>(&step)}) m_fields = &message->message.fields;
        if (auto* serve{std::get_if<Serve>(&step)}) m_object = &serve->object;
    }

    //! False where the path does not fit.
    bool Follow(const Path& path)
    {
        return std::ranges::all_of(path, [&](PathElement element) { return Enter(element); }) && m_value;
    }

    Value* Found() const { return m_value; }
    //! What the found value is a field of; null where it is an element.
    std::vector<FieldValue>* Holder() const { return m_holder; }

private:
    bool Enter(PathElement element)
    {
        const bool is_field{element.kind == PathElement::Kind::FIELD};
        if (!is_field && m_object) {
            if (element.index >= m_object->reactions.size()) return false;
            m_fields = &m_object->reactions[element.index].results;
            m_object = nullptr;
            m_value = nullptr;
            return true;
        }
        if (is_field) {
            if (!m_fields) return false;
            const auto found{std::ranges::find(*m_fields, element.index, &FieldValue::field)};
            m_value = found != m_fields->end() ? &found->value : nullptr;
        } else {
            m_value = m_value ? ElementOf(*m_value, element.index) : nullptr;
        }
        if (!m_value) return false;
        m_holder = is_field ? m_fields : nullptr;
        auto* fields{m_value->As<StructValue>()};
        m_fields = fields ? &fields->fields : nullptr;
        m_object = m_value->As<ServedObject>();
        return true;
    }

    std::vector<FieldValue>* m_fields{nullptr}; //!< that a FIELD would name next
    ServedObject* m_object{nullptr};            //!< whose reaction an ELEMENT would name next
    Value* m_value{nullptr};
    std::vector<FieldValue>* m_holder{nullptr};
};

} // namespace

std::vector<ArgumentPath> ArgumentPaths(const schema::Schema& schema, const Step& step)
{
    PathFinder finder{schema, /*in_served=*/false};
    if (const auto* call{std::get_if<Call>(&step)}) {
        finder.AddFields(schema.GetMethod(call->method).params, call->arguments.fields, {});
    }
    return std::move(finder).Find();
}

std::vector<ArgumentPath> AllPaths(const schema::Schema& schema, const Step& step)
{
    PathFinder finder{schema, /*in_served=*/true};
    if (const auto* call{std::get_if<Call>(&step)}) {
        finder.AddFields(schema.GetMethod(call->method).params, call->arguments.fields, {});
    } else if (const auto* message{std::get_if<Message>(&step)}) {
        finder.AddFields(schema.RpcMessage(), message->message.fields, {});
    } else if (const auto* serve{std::get_if<Serve>(&step)}) {
        finder.AddServed(serve->object, {});
    }
    return std::move(finder).Find();
}

Value& At(Step& step, const ArgumentPath& place)
{
    Descent descent{step};
    CHECK(descent.Follow(place.path), place.path.size());
    return *descent.Found();
}

bool Unset(Step& step, const ArgumentPath& place)
{
    Descent descent{step};
    CHECK(descent.Follow(place.path), place.path.size());
    if (!descent.Holder()) return false;
    std::erase_if(*descent.Holder(), [&](const FieldValue& field) { return field.field == place.path.back().index; });
    return true;
}

} // namespace mpfuzz::program
