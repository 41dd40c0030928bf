#include <mpfuzz/program/edit.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/program/visit.h>

#include <algorithm>
#include <iterator>

namespace mpfuzz::program {
namespace {

//! Paths of the values in a step. Breadth first: if the value at a path is changed, all paths before it stay valid.
std::vector<ArgumentPath> FindPaths(const schema::Schema& schema, const Step& step, bool in_served)
{
    std::vector<std::vector<ArgumentPath>> levels;
    VisitValues(schema, step, [&](const Value& value, const ValuePosition& position) {
        if (levels.size() <= position.depth) levels.resize(position.depth + 1);
        levels[position.depth].push_back({position.type, position.GetPath(), position.UnsetIsZero()});
        return in_served || !value.As<ServedObject>();
    });
    std::vector<ArgumentPath> paths;
    for (std::vector<ArgumentPath>& level : levels) std::ranges::move(level, std::back_inserter(paths));
    return paths;
}

//! The element of a list, or the content of an untyped pointer. Returns null if there is none.
Value* ElementOf(Value& value, uint32_t index)
{
    std::vector<Value>* elements{nullptr};
    if (auto* list{value.As<ListValue>()}) elements = &list->elements;
    if (auto* repeat{value.As<RepeatValue>()}) elements = &repeat->element;
    if (auto* any{value.As<AnyValue>()}) elements = &any->value;
    return elements && index < elements->size() ? &(*elements)[index] : nullptr;
}

//! The value that a path leads to.
struct Found {
    Value* value{nullptr};                    //!< null if the path does not fit the step
    std::vector<FieldValue>* fields{nullptr}; //!< the fields that contain the value; null if it is an element
};

//! Follows a path from a step.
Found Follow(Step& step, const Path& path)
{
    std::vector<FieldValue>* fields{nullptr}; // a path element of kind FIELD selects one of these
    ServedObject* object{nullptr};            // a path element of kind ELEMENT selects one of its reactions
    if (auto* call{std::get_if<Call>(&step)}) fields = &call->arguments.fields;
    if (auto* message{std::get_if<Message>(&step)}) fields = &message->message.fields;
    if (auto* serve{std::get_if<Serve>(&step)}) object = &serve->object;
    Found found;
    for (const PathElement& element : path) {
        if (element.kind == PathElement::Kind::ELEMENT && object) {
            if (element.index >= object->reactions.size()) return {};
            fields = &object->reactions[element.index].results;
            object = nullptr;
            found = {};
            continue;
        }
        if (element.kind == PathElement::Kind::ELEMENT) {
            found = {.value = found.value ? ElementOf(*found.value, element.index) : nullptr};
        } else if (fields) {
            const auto field{std::ranges::find(*fields, element.index, &FieldValue::field)};
            found = {.value = field != fields->end() ? &field->value : nullptr, .fields = fields};
        } else {
            return {};
        }
        if (!found.value) return {};
        auto* inner{found.value->As<StructValue>()};
        fields = inner ? &inner->fields : nullptr;
        object = found.value->As<ServedObject>();
    }
    return found;
}

} // namespace

bool ValuePosition::UnsetIsZero() const
{
    return field && element.kind == PathElement::Kind::FIELD && !field->in_union && field->default_value.empty();
}

Path ValuePosition::GetPath() const
{
    Path path;
    for (const ValuePosition* at{this}; at && (at->outer || at->fields); at = at->outer) {
        path.push_back(at->element);
        if (at->element.kind == PathElement::Kind::FIELD && at->fields->reaction) {
            path.push_back({PathElement::Kind::ELEMENT, static_cast<uint32_t>(at->fields->reaction_index)});
        }
    }
    std::ranges::reverse(path);
    return path;
}

std::vector<ArgumentPath> ArgumentPaths(const schema::Schema& schema, const Step& step)
{
    if (!std::holds_alternative<Call>(step)) return {};
    return FindPaths(schema, step, /*in_served=*/false);
}

std::vector<ArgumentPath> AllPaths(const schema::Schema& schema, const Step& step)
{
    return FindPaths(schema, step, /*in_served=*/true);
}

Value& At(Step& step, const ArgumentPath& place)
{
    const Found found{Follow(step, place.path)};
    CHECK(found.value, place.path.size());
    return *found.value;
}

const Value& At(const Step& step, const ArgumentPath& place) { return At(const_cast<Step&>(step), place); }

bool Unset(Step& step, const ArgumentPath& place)
{
    const Found found{Follow(step, place.path)};
    CHECK(found.value, place.path.size());
    if (!found.fields) return false;
    std::erase_if(*found.fields, [&](const FieldValue& field) { return field.field == place.path.back().index; });
    return true;
}

} // namespace mpfuzz::program
