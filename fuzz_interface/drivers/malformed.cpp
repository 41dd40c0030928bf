#include <fuzz_interface/drivers/malformed.h>

#include <fuzz_interface/drivers/content.h>

#include <mpfuzz/base/check.h>

namespace mpfuzz::fuzz_interface {
namespace {

using capnp::AnyPointer;
using capnp::AnyStruct;
using capnp::DynamicList;
using capnp::DynamicStruct;
using capnp::DynamicValue;
using capnp::schema::Type;

// Guesses, unmeasured: elements of a list that is short, and of one that is not.
constexpr size_t FEW{12};
constexpr size_t MANY{2'000};

//! Threads are taken at their word: a server that makes as many as it is asked for does nothing wrong.
constexpr uint32_t MAX_POOL{4};

capnp::Text::Reader AsText(const std::string& bytes) { return {bytes.c_str(), bytes.size()}; }

capnp::Data::Reader AsData(const std::string& bytes)
{
    return {reinterpret_cast<const kj::byte*>(bytes.data()), bytes.size()};
}

class Filler
{
public:
    Filler(Order order, Choices& choices, Capabilities& capabilities)
        : m_order{order}, m_choices{choices}, m_capabilities{capabilities}
    {
    }

    void Fill(DynamicStruct::Builder builder)
    {
        for (const auto field : builder.getSchema().getFields()) {
            if (!Skip()) FillField(builder, field);
        }
    }

private:
    bool Skip() { return m_order != Order::TIDY && m_choices.OneIn(8); }

    void FillField(DynamicStruct::Builder builder, capnp::StructSchema::Field field)
    {
        const capnp::Type type{field.getType()};
        if (type.isStruct()) return Fill(builder.init(field).as<DynamicStruct>());
        if (type.isList()) {
            return Fill(builder.init(field, static_cast<kj::uint>(Length())).as<DynamicList>());
        }
        if (type.isInterface()) {
            auto chosen{m_capabilities.Choose(field, m_order == Order::TIDY)};
            KJ_IF_MAYBE (client, chosen) {
                builder.set(field, client->castAs<capnp::DynamicCapability>(type.asInterface()));
            }
            return;
        }
        WithScalar(type, [&](const DynamicValue::Reader& value) { builder.set(field, value); });
    }

    void Fill(DynamicList::Builder list)
    {
        const capnp::Type type{list.getSchema().getElementType()};
        for (kj::uint i{0}; i < list.size(); ++i) {
            if (Skip()) continue;
            if (type.isList()) {
                Fill(list.init(i, static_cast<kj::uint>(Length())).as<DynamicList>());
            } else if (!type.isStruct()) {
                WithScalar(type, [&](const DynamicValue::Reader& value) { list.set(i, value); });
            } else if (i > 0 && m_order != Order::TIDY && m_choices.OneIn(3)) {
                list.set(i, list[i - 1].asReader()); // the same key twice
            } else {
                Fill(list[i].as<DynamicStruct>());
            }
        }
    }

    //! Give an arbitrary value of a type that holds no others. It lives as long as `use` runs.
    template<typename Use>
    void WithScalar(capnp::Type type, Use use)
    {
        switch (type.which()) {
        case Type::BOOL: return use(m_choices.Below(2) == 1);
        case Type::INT32: return use(static_cast<int32_t>(WildInteger(m_choices)));
        case Type::INT64: return use(WildInteger(m_choices));
        case Type::UINT32: return use(static_cast<uint32_t>(m_choices.Below(MAX_POOL + 1)));
        case Type::UINT64: return use(static_cast<uint64_t>(WildInteger(m_choices)));
        case Type::FLOAT64: return use(WildDouble(m_choices));
        case Type::TEXT: {
            const std::string text{WildText(m_choices)};
            return use(AsText(text));
        }
        case Type::DATA: {
            const std::string bytes{WildBytes(m_choices)};
            return use(AsData(bytes));
        }
        default: CHECK(false, static_cast<int>(type.which()));
        }
    }

    //! Only the first long list of a message is long.
    size_t Length()
    {
        if (!m_long && m_choices.OneIn(64)) {
            m_long = true;
            return m_choices.Below(MANY);
        }
        return m_choices.Length(FEW);
    }

    Order m_order;
    Choices& m_choices;
    Capabilities& m_capabilities;
    bool m_long{false};
};

//! What no schema foresees in this place.
void Replace(AnyPointer::Builder pointer, Choices& choices)
{
    switch (choices.Below(7)) {
    case 0: return pointer.clear();
    case 1: return pointer.setAs<capnp::Data>(AsData(WildBytes(choices))); // no NUL behind it
    case 2: return pointer.setAs<capnp::Text>(AsText(WildText(choices)));
    case 3: pointer.initAs<capnp::List<int32_t>>(static_cast<kj::uint>(choices.Below(9))); return;
    case 4: pointer.initAs<capnp::List<capnp::Text>>(static_cast<kj::uint>(choices.Below(9))); return;
    case 5:
        pointer.initAsAnyStruct(static_cast<uint16_t>(choices.Below(3)), static_cast<uint16_t>(choices.Below(3)));
        return;
    default: pointer.setAs<capnp::Capability>(capnp::Capability::Client{KJ_EXCEPTION(FAILED, "broken on purpose")});
    }
}

void Spoil(AnyPointer::Builder pointer, Choices& choices);

void SpoilOne(capnp::List<AnyPointer>::Builder pointers, Choices& choices)
{
    if (pointers.size() > 0) Spoil(pointers[static_cast<kj::uint>(choices.Below(pointers.size()))], choices);
}

//! Replace this pointer, or one below.
void Spoil(AnyPointer::Builder pointer, Choices& choices)
{
    if (pointer.isNull() || choices.Below(3) == 0) return Replace(pointer, choices);
    if (pointer.isStruct()) return SpoilOne(pointer.getAs<AnyStruct>().getPointerSection(), choices);
    if (!pointer.isList()) return Replace(pointer, choices);
    auto list{pointer.getAs<capnp::AnyList>()};
    if (list.size() > 0 && list.getElementSize() == capnp::ElementSize::INLINE_COMPOSITE) {
        auto structs{list.as<capnp::List<AnyStruct>>()};
        const auto which{static_cast<kj::uint>(choices.Below(structs.size()))};
        return SpoilOne(structs[which].getPointerSection(), choices);
    }
    if (list.size() > 0 && list.getElementSize() == capnp::ElementSize::POINTER) {
        return SpoilOne(list.as<capnp::List<AnyPointer>>(), choices);
    }
    Replace(pointer, choices);
}

} // namespace

void FillMalformed(AnyPointer::Builder message, capnp::StructSchema schema, Order order, Choices& choices,
                   Capabilities& capabilities)
{
    Filler{order, choices, capabilities}.Fill(message.initAs<DynamicStruct>(schema));
    if (order != Order::MALFORMED) return;
    // The message itself only now and then: nothing below it is looked at then.
    if (choices.OneIn(8)) return Replace(message, choices);
    SpoilOne(message.getAs<AnyStruct>().getPointerSection(), choices);
}

} // namespace mpfuzz::fuzz_interface
