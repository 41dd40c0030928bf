#pragma once

#include <mpfuzz/base/rng.h>
#include <mpfuzz/program/program.h>
#include <mpfuzz/program/validate.h>
#include <mpfuzz/program/words.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <optional>
#include <string>
#include <vector>

//! Random valid values, for tests only.
namespace mpfuzz::program {

struct TypedPath {
    schema::Type type;
    Path path;
};

//! Makes the values of one step.
class RandomMaker
{
    using Kind = schema::Kind;
    using Type = schema::Type;

public:
    RandomMaker(const schema::Schema& schema, const Program& program, base::Rng& rng, bool in_message)
        : m_schema{schema}, m_program{program}, m_rng{rng}, m_in_message{in_message}
    {
    }

    std::optional<CapabilityRef> Capability()
    {
        for (int tries{0}; tries < 5 && !m_program.steps.empty(); ++tries) {
            const auto step{static_cast<StepIndex>(m_rng.Below(m_program.steps.size()))};
            const Step& origin{m_program.steps[step]};
            if (std::holds_alternative<Bootstrap>(origin) || std::holds_alternative<Serve>(origin)) {
                return CapabilityRef{step, {}};
            }
            const auto* call{std::get_if<Call>(&origin)};
            if (!call) continue;
            std::vector<TypedPath> paths{PathsInto(m_schema.GetMethod(call->method).results)};
            std::erase_if(paths, [](const TypedPath& path) { return !HoldsCapability(path.type.kind); });
            if (!paths.empty()) return CapabilityRef{step, m_rng.Pick(paths).path};
        }
        return std::nullopt;
    }

    std::vector<FieldValue> Fields(uint32_t struct_index)
    {
        const auto& declared{m_schema.GetStruct(struct_index).fields};
        StructValue value;
        bool has_branch{false};
        for (uint32_t i{0}; i < declared.size(); ++i) {
            if (m_depth > 4 || !m_rng.Percent(declared.size() > 8 ? 15 : 60)) continue;
            if (declared[i].in_union && has_branch) continue;
            has_branch |= declared[i].in_union;
            value.Set(i, Make(declared[i].type, /*in_list=*/false));
        }
        return std::move(value.fields);
    }

    ServedObject Served()
    {
        ServedObject object{.interface = static_cast<uint32_t>(m_rng.Below(m_schema.Interfaces().size())),
                            .reactions = {}};
        auto methods{m_schema.GetInterface(object.interface).all_methods};
        std::ranges::sort(methods);
        for (const schema::MethodRef method : methods) {
            if (m_rng.Percent(50)) object.reactions.push_back(MakeReaction(method));
        }
        return object;
    }

    Value Make(Type type, bool in_list)
    {
        ++m_depth;
        Value value{MakeContent(type, in_list)};
        --m_depth;
        return value;
    }

    schema::MethodRef Method()
    {
        for (;;) {
            const auto owner{static_cast<uint32_t>(m_rng.Below(m_schema.Interfaces().size()))};
            const size_t methods{m_schema.GetInterface(owner).methods.size()};
            if (methods > 0) return {owner, static_cast<uint32_t>(m_rng.Below(methods))};
        }
    }

    std::string Bytes()
    {
        std::string bytes(m_rng.SkewedLength(40), '\0');
        const bool printable{m_rng.Percent(60)};
        for (char& c : bytes) c = static_cast<char>(printable ? m_rng.Range(0x20, 0x7e) : m_rng.Range(0, 255));
        return bytes;
    }

private:
    //! Paths into a struct, shortest first. Stops after about 200 paths.
    std::vector<TypedPath> PathsInto(uint32_t struct_index)
    {
        std::vector<TypedPath> paths{{Type{Kind::STRUCT, struct_index}, {}}};
        for (size_t i{0}; i < paths.size() && paths.size() < 200; ++i) {
            const TypedPath here{paths[i]};
            if (here.type.kind == Kind::LIST) {
                paths.push_back({m_schema.Element(here.type), here.path});
                paths.back().path.push_back({PathElement::Kind::ELEMENT, static_cast<uint32_t>(m_rng.Below(5))});
            } else if (here.type.kind == Kind::STRUCT) {
                const auto& fields{m_schema.GetStruct(here.type.index).fields};
                for (uint32_t field{0}; field < fields.size(); ++field) {
                    paths.push_back({fields[field].type, here.path});
                    paths.back().path.push_back({PathElement::Kind::FIELD, field});
                }
            }
        }
        return paths;
    }

    std::optional<DataRef> Data(Type type)
    {
        if (m_program.steps.empty()) return std::nullopt;
        const auto step{static_cast<StepIndex>(m_rng.Below(m_program.steps.size()))};
        const auto* call{std::get_if<Call>(&m_program.steps[step])};
        if (!call) return std::nullopt;
        std::vector<TypedPath> paths{PathsInto(m_schema.GetMethod(call->method).results)};
        std::erase_if(paths, [&](const TypedPath& path) { return !DataFits(m_schema, path.type, type); });
        if (paths.empty()) return std::nullopt;
        DataRef ref{step, m_rng.Pick(paths).path, {}};
        while ((type.kind == Kind::TEXT || type.kind == Kind::DATA) && m_rng.OneIn(2)) {
            Edit edit{.kind = static_cast<Edit::Kind>(m_rng.Below(5)), .number = 0, .bytes = {}};
            if (TakesNumber(edit.kind)) edit.number = m_rng.Next() >> m_rng.Below(64);
            if (TakesBytes(edit.kind)) edit.bytes = Bytes();
            ref.edits.push_back(std::move(edit));
        }
        return ref;
    }

    Value MakeContent(Type type, bool in_list)
    {
        if (m_rng.Percent(20)) {
            if (auto data{Data(type)}) return std::move(*data);
        }
        const bool is_struct{type.kind == Kind::STRUCT};
        const bool nullable{schema::IsPointer(type.kind) &&
                            !(is_struct && (in_list || m_schema.GetStruct(type.index).is_group))};
        if (nullable && m_rng.Percent(m_depth > 5 ? 80 : 10)) return Null{};
        if (schema::IsInteger(type.kind)) return Integer(type.kind);
        switch (type.kind) {
        case Kind::VOID: return Void{};
        case Kind::BOOL: return m_rng.OneIn(2);
        case Kind::FLOAT32: return Float{RandomFloat<float, uint32_t>()};
        case Kind::FLOAT64: return Float{RandomFloat<double, uint64_t>()};
        case Kind::TEXT:
        case Kind::DATA: return Blob{Bytes()};
        case Kind::ENUM:
            return EnumValue{static_cast<uint16_t>(m_rng.Percent(80) ? m_rng.Below(4) : m_rng.Below(65536))};
        case Kind::STRUCT: return StructValue{Fields(type.index)};
        case Kind::LIST: return List(m_schema.Element(type));
        default: return Untyped(type);
        }
    }

    Value Integer(Kind kind)
    {
        const uint64_t max{schema::MaxInteger(kind)};
        const uint64_t magnitude{m_rng.OneIn(4) ? max : m_rng.Next() >> m_rng.Below(64)};
        if (schema::MinInteger(kind) == 0) return std::min(magnitude, max);
        const auto positive{static_cast<int64_t>(std::min(magnitude, max))};
        return m_rng.OneIn(2) ? positive : -positive - 1;
    }

    template<typename Number, typename Bits>
    uint64_t RandomFloat()
    {
        switch (m_rng.Below(4)) {
        case 0: return std::bit_cast<Bits>(static_cast<Number>(m_rng.Range(-100, 100)));
        case 1: return std::bit_cast<Bits>(static_cast<Number>(static_cast<double>(m_rng.Range(-1000, 1000)) / 1000));
        case 2: return static_cast<Bits>(std::bit_cast<Bits>(std::numeric_limits<Number>::infinity()) + m_rng.Below(3));
        default: return static_cast<Bits>(m_rng.Next());
        }
    }

    Value List(Type element)
    {
        if (m_rng.OneIn(5)) {
            return RepeatValue{m_rng.SkewedLength(m_depth > 2 ? 4 : 1000), {Make(element, /*in_list=*/true)}};
        }
        ListValue list;
        for (uint64_t length{m_rng.SkewedLength(4)}; length > 0; --length) {
            list.elements.push_back(Make(element, /*in_list=*/true));
        }
        return list;
    }

    Value Untyped(Type type)
    {
        if (HoldsCapability(type.kind) && !m_in_message) {
            if (m_rng.OneIn(8) && m_depth < 4) return Served();
            if (auto capability{m_rng.OneIn(2) ? Capability() : std::nullopt}) return std::move(*capability);
        }
        if (type.kind == Kind::INTERFACE || type.kind == Kind::CAPABILITY) return Null{};
        for (int tries{0}; tries < 20; ++tries) {
            const auto index{static_cast<uint32_t>(m_rng.Below(m_schema.Structs().size()))};
            const schema::Struct& candidate{m_schema.GetStruct(index)};
            if (candidate.is_group) continue;
            Type inner{Kind::STRUCT, index};
            if (type.kind == Kind::ANY_LIST || (type.kind == Kind::ANY_POINTER && m_rng.OneIn(2))) {
                if (candidate.fields.empty()) continue;
                inner = m_rng.Pick(candidate.fields).type;
            }
            const bool fits{inner.kind == Kind::TEXT || inner.kind == Kind::DATA || inner.kind == Kind::LIST ||
                            (inner.kind == Kind::INTERFACE && !m_in_message) || inner == Type{Kind::STRUCT, index}};
            if (!fits || (type.kind == Kind::ANY_LIST && inner.kind != Kind::LIST)) continue;
            return AnyValue{inner, {Make(inner, /*in_list=*/false)}};
        }
        return Null{};
    }

    Reaction MakeReaction(schema::MethodRef method)
    {
        Reaction reaction{};
        reaction.method = method;
        reaction.kind = static_cast<Reaction::Kind>(m_rng.Below(7));
        if (reaction.kind == Reaction::Kind::CALL) {
            std::vector<TypedPath> paths{PathsInto(m_schema.GetMethod(method).params)};
            std::erase_if(paths, [](const TypedPath& path) { return !HoldsCapability(path.type.kind); });
            if (paths.empty()) {
                reaction.kind = Reaction::Kind::RETURN;
            } else {
                reaction.callback_target = m_rng.Pick(paths).path;
                reaction.callback = Method();
            }
        }
        if (reaction.kind == Reaction::Kind::LATER) reaction.step = static_cast<uint32_t>(m_rng.Below(20));
        if (reaction.kind == Reaction::Kind::THROW) {
            reaction.exception = static_cast<uint8_t>(m_rng.Below(4));
            reaction.message = Bytes();
        } else if (reaction.Answers()) {
            reaction.results = Fields(m_schema.GetMethod(method).results);
        }
        return reaction;
    }

    const schema::Schema& m_schema;
    const Program& m_program;
    base::Rng& m_rng;
    const bool m_in_message;
    size_t m_depth{0};
};

} // namespace mpfuzz::program
