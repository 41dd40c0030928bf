#include <fuzz_interface/drivers/malformed.h>

#include <fuzz_interface/drivers/random_values.h>

#include <domains/bitcoin/serialize.h>
#include <domains/bitcoin/transaction.h>
#include <domains/bitcoin/values.h>

#include <mpfuzz/base/check.h>

#include <nlohmann/json.hpp>

#include <array>
#include <string_view>

namespace mpfuzz::fuzz_interface {
namespace {

constexpr size_t MAX_TEXT_DEPTH{100'000};

std::string SerializedTransaction(Choices& choices)
{
    const auto transaction{Random<TransactionRef>(choices)};
    return transaction ? domains::bitcoin::Serialize(*transaction, /*with_witness=*/choices.Below(2) == 0) : "";
}

//! A count or a length, chosen without regard to the bytes that follow.
std::string WrongCount(Choices& choices)
{
    static constexpr std::array<uint64_t, 8> COUNTS{0, 1, 0xfc, 0xfd, 0xffff, 0x0200'0000, 0xffff'ffff, UINT64_MAX};
    std::string bytes;
    domains::bitcoin::AppendCompactSize(bytes, choices.Pick(COUNTS));
    return bytes;
}

//! Changes the bytes in one place.
//! @param inserted  Text that may be inserted there.
std::string Damage(Choices& choices, std::string bytes, std::string_view inserted)
{
    const size_t at{choices.Below(bytes.size() + 1)};
    switch (choices.Below(5)) {
    case 0: bytes.resize(at); break;
    case 1: bytes.append(choices.Bytes(1 + choices.Length(40))); break;
    case 2: bytes.replace(at, 1, inserted); break;
    case 3: bytes.insert(at, inserted); break;
    default: bytes.replace(at, 1, choices.Bytes(1));
    }
    return bytes;
}

std::string Nested(std::string_view open, std::string_view close, size_t depth)
{
    std::string text;
    for (size_t i{0}; i < depth; ++i) text += open;
    text += "1";
    for (size_t i{0}; i < depth; ++i) text += close;
    return text;
}

std::string DeepJson(Choices& choices)
{
    static constexpr std::array<size_t, 5> DEPTHS{1, 100, 1'000, 10'000, MAX_TEXT_DEPTH};
    const size_t depth{choices.Pick(DEPTHS)};
    switch (choices.Below(3)) {
    case 0: return Nested("[", "]", depth);
    case 1: return Nested("{\"\":", "}", depth);
    default: return Nested("[", "", depth);
    }
}

//! Text that is not JSON, or valid JSON that parsers often get wrong.
std::string_view UnusualJson(Choices& choices)
{
    static constexpr std::array<std::string_view, 18> LITERALS{
        "1e999",
        "-0",
        "01",
        "1.",
        ".5",
        "+1",
        "99999999999999999999",
        "-9223372036854775809",
        "1e-999",
        "0x10",
        "NaN",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "\"\\x\"",
        "nul",
        "\xff",
        {"\0", 1},
        "\xef\xbb\xbf",
    };
    return choices.Pick(LITERALS);
}

using capnp::AnyPointer;
using capnp::AnyStruct;
using capnp::DynamicList;
using capnp::DynamicStruct;
using capnp::DynamicValue;
using capnp::schema::Type;

// Lengths of lists. Guesses, unmeasured.
constexpr size_t MAX_SHORT_LIST{12};
constexpr size_t MAX_LONG_LIST{2'000};

// The schema's only UInt32 is the number of threads that a server shall start. A server that starts many is not wrong,
// so do not ask for many.
constexpr uint32_t MAX_POOL{4};

capnp::Text::Reader AsText(const std::string& bytes) { return {bytes.c_str(), bytes.size()}; }

capnp::Data::Reader AsData(const std::string& bytes)
{
    return {reinterpret_cast<const kj::byte*>(bytes.data()), bytes.size()};
}

class Filler
{
public:
    Filler(Validity validity, Choices& choices, Capabilities& capabilities)
        : m_validity{validity}, m_choices{choices}, m_capabilities{capabilities}
    {
    }

    void Fill(DynamicStruct::Builder builder)
    {
        for (const auto field : builder.getSchema().getFields()) {
            if (!Skip()) FillField(builder, field);
        }
    }

private:
    bool Skip() { return m_validity != Validity::VALID && m_choices.OneIn(8); }

    void FillField(DynamicStruct::Builder builder, capnp::StructSchema::Field field)
    {
        const capnp::Type type{field.getType()};
        if (type.isStruct()) return Fill(builder.init(field).as<DynamicStruct>());
        if (type.isList()) {
            return Fill(builder.init(field, static_cast<kj::uint>(Length())).as<DynamicList>());
        }
        if (type.isInterface()) {
            auto chosen{m_capabilities.Choose(field, m_validity == Validity::VALID)};
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
            } else if (i > 0 && m_validity != Validity::VALID && m_choices.OneIn(3)) {
                list.set(i, list[i - 1].asReader()); // the same key again
            } else {
                Fill(list[i].as<DynamicStruct>());
            }
        }
    }

    //! Calls `use` with an arbitrary value of a type without fields or elements. The value lives until `use` returns.
    template<typename Use>
    void WithScalar(capnp::Type type, Use use)
    {
        switch (type.which()) {
        case Type::BOOL: return use(m_choices.Below(2) == 1);
        case Type::INT32: return use(static_cast<int32_t>(ArbitraryInteger(m_choices)));
        case Type::INT64: return use(ArbitraryInteger(m_choices));
        case Type::UINT32: return use(static_cast<uint32_t>(m_choices.Below(MAX_POOL + 1)));
        case Type::UINT64: return use(static_cast<uint64_t>(ArbitraryInteger(m_choices)));
        case Type::FLOAT64: return use(ArbitraryDouble(m_choices));
        case Type::TEXT: {
            const std::string text{ArbitraryText(m_choices)};
            return use(AsText(text));
        }
        case Type::DATA: {
            const std::string bytes{ArbitraryBytes(m_choices)};
            return use(AsData(bytes));
        }
        default: CHECK(false, static_cast<int>(type.which()));
        }
    }

    //! Chooses the length of a list. At most one list in a message is long.
    size_t Length()
    {
        if (!m_long && m_choices.OneIn(64)) {
            m_long = true;
            return m_choices.Below(MAX_LONG_LIST);
        }
        return m_choices.Length(MAX_SHORT_LIST);
    }

    Validity m_validity;
    Choices& m_choices;
    Capabilities& m_capabilities;
    bool m_long{false};
};

//! Replaces the pointer by a value of another type.
void Replace(AnyPointer::Builder pointer, Choices& choices)
{
    switch (choices.Below(7)) {
    case 0: return pointer.clear();
    case 1:
        return pointer.setAs<capnp::Data>(AsData(ArbitraryBytes(choices))); // a Text must end with a NUL, this does not
    case 2: return pointer.setAs<capnp::Text>(AsText(ArbitraryText(choices)));
    case 3: pointer.initAs<capnp::List<int32_t>>(static_cast<kj::uint>(choices.Below(9))); return;
    case 4: pointer.initAs<capnp::List<capnp::Text>>(static_cast<kj::uint>(choices.Below(9))); return;
    case 5:
        pointer.initAsAnyStruct(static_cast<uint16_t>(choices.Below(3)), static_cast<uint16_t>(choices.Below(3)));
        return;
    default: pointer.setAs<capnp::Capability>(capnp::Capability::Client{KJ_EXCEPTION(FAILED, "broken on purpose")});
    }
}

void CorruptPointer(AnyPointer::Builder pointer, Choices& choices);

void CorruptOneOf(capnp::List<AnyPointer>::Builder pointers, Choices& choices)
{
    if (pointers.size() > 0) CorruptPointer(pointers[static_cast<kj::uint>(choices.Below(pointers.size()))], choices);
}

//! Replaces this pointer or one below it.
void CorruptPointer(AnyPointer::Builder pointer, Choices& choices)
{
    if (pointer.isNull() || choices.Below(3) == 0) return Replace(pointer, choices);
    if (pointer.isStruct()) return CorruptOneOf(pointer.getAs<AnyStruct>().getPointerSection(), choices);
    if (!pointer.isList()) return Replace(pointer, choices);
    auto list{pointer.getAs<capnp::AnyList>()};
    if (list.size() > 0 && list.getElementSize() == capnp::ElementSize::INLINE_COMPOSITE) {
        auto structs{list.as<capnp::List<AnyStruct>>()};
        const auto which{static_cast<kj::uint>(choices.Below(structs.size()))};
        return CorruptOneOf(structs[which].getPointerSection(), choices);
    }
    if (list.size() > 0 && list.getElementSize() == capnp::ElementSize::POINTER) {
        return CorruptOneOf(list.as<capnp::List<AnyPointer>>(), choices);
    }
    Replace(pointer, choices);
}

} // namespace

std::string ArbitraryBytes(Choices& choices)
{
    std::string bytes;
    switch (choices.Below(6)) {
    case 0: return choices.Bytes(choices.Length(300));
    case 1: bytes = SerializedTransaction(choices); break;
    case 2: bytes = Serialize(Random<FeeRate>(choices)); break;
    case 3: bytes = Serialize(Random<OutPoint>(choices)); break;
    case 4: bytes = Serialize(Random<Script>(choices)); break;
    default: bytes = SerializedTransaction(choices);
    }
    return choices.Below(2) == 0 ? bytes : Damage(choices, bytes, WrongCount(choices));
}

std::string ArbitraryText(Choices& choices)
{
    switch (choices.Below(8)) {
    case 0: return Random<std::string>(choices);
    case 1:
    case 2: return Random<Json>(choices).Get().dump();
    case 3:
    case 4: return Damage(choices, Random<Json>(choices).Get().dump(), UnusualJson(choices));
    case 5: return "[" + std::string{UnusualJson(choices)} + "]";
    case 6: return choices.OneIn(4) ? DeepJson(choices) : std::string{UnusualJson(choices)};
    default: return choices.Bytes(choices.Length(300));
    }
}

int64_t ArbitraryInteger(Choices& choices)
{
    if (choices.Below(2) == 0) return static_cast<int64_t>(choices.Below(8)) - 1;
    return Random<int64_t>(choices);
}

double ArbitraryDouble(Choices& choices) { return Random<double>(choices); }

void FillMalformed(AnyPointer::Builder message, capnp::StructSchema schema, Validity validity, Choices& choices,
                   Capabilities& capabilities)
{
    Filler{validity, choices, capabilities}.Fill(message.initAs<DynamicStruct>(schema));
    if (validity != Validity::MALFORMED) return;
    // Rarely replace the whole message: the receiver then reads none of its fields.
    if (choices.OneIn(8)) return Replace(message, choices);
    CorruptOneOf(message.getAs<AnyStruct>().getPointerSection(), choices);
}

} // namespace mpfuzz::fuzz_interface
