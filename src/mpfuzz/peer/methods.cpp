#include <mpfuzz/peer/methods.h>

namespace mpfuzz::peer {

using schema::MethodRef;

std::optional<MethodRef> FindMethod(const schema::Schema& schema, std::optional<uint32_t> interface, uint64_t id,
                                    uint16_t ordinal)
{
    const auto is_it{[&](MethodRef ref) {
        return schema.GetInterface(ref.interface).id == id && schema.GetMethod(ref).ordinal == ordinal;
    }};
    if (interface) {
        for (const MethodRef ref : schema.GetInterface(*interface).all_methods) {
            if (is_it(ref)) return ref;
        }
    }
    std::optional<MethodRef> found;
    for (uint32_t i{0}; i < schema.Interfaces().size(); ++i) {
        for (uint32_t m{0}; m < schema.GetInterface(i).methods.size(); ++m) {
            if (!is_it({i, m})) continue;
            if (found) return std::nullopt;
            found = MethodRef{i, m};
        }
    }
    return found;
}

} // namespace mpfuzz::peer
