#include <mpfuzz/mutate/mutators.h>
#include <mpfuzz/mutate/value_ref.h>

#include <algorithm>

namespace mpfuzz::mutate {

bool ChangeFields(program::Program& program, Context& context)
{
    const auto site{PickFields(context, program)};
    if (!site) return false;
    const auto& declared{context.schema.GetStruct(site->struct_index).fields};
    const auto field{static_cast<uint32_t>(context.rng.Below(declared.size()))};
    program::StructValue value{std::move(*site->fields)};
    if (value.Find(field)) {
        value.Erase(field);
    } else {
        // Of a union one branch at most is set.
        if (declared[field].in_union) {
            std::erase_if(value.fields, [&](const auto& other) { return declared[other.field].in_union; });
        }
        value.Set(field, MakeAtom(context, declared[field].type));
    }
    *site->fields = std::move(value.fields);
    return true;
}

} // namespace mpfuzz::mutate
