#include <fuzz_interface/drivers/malformed.h>

#include <fuzz_interface/drivers/schema.h>

#include <domains/bitcoin/parse.h>

#include <capnp/message.h>
#include <nlohmann/json.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>

namespace mpfuzz::fuzz_interface {
namespace {

using capnp::DynamicStruct;

//! Provides no capabilities.
class NoCapabilities final : public Capabilities
{
    kj::Maybe<capnp::Capability::Client> Choose(capnp::StructSchema::Field, bool) override { return nullptr; }
};

//! Returns whether every field of the schema can be read, at all levels.
bool IsReadable(capnp::AnyPointer::Reader message, capnp::StructSchema schema)
{
    return kj::runCatchingExceptions([&] { kj::str(message.getAs<DynamicStruct>(schema)); }) == nullptr;
}

//! Makes a message for each method at each of 10 seeds. Returns how many of them can be read, and how many there are.
std::pair<size_t, size_t> CountReadable(Validity validity)
{
    size_t readable{0};
    size_t all{0};
    NoCapabilities none;
    for (uint64_t seed{1}; seed <= 10; ++seed) {
        base::Rng rng{seed};
        Choices choices{rng};
        for (const auto& interface : Interfaces()) {
            for (const auto method : interface.getMethods()) {
                capnp::MallocMessageBuilder builder;
                const auto message{builder.getRoot<capnp::AnyPointer>()};
                FillMalformed(message, method.getParamType(), validity, choices, none);
                readable += IsReadable(message.asReader(), method.getParamType()) ? 1 : 0;
                ++all;
            }
        }
    }
    return {readable, all};
}

TEST(Interfaces, ContainsEveryInterfaceReachableFromFuzzInit)
{
    std::set<std::string> names;
    for (const auto& schema : Interfaces()) names.insert(schema.getShortDisplayName().cStr());
    EXPECT_EQ(names, (std::set<std::string>{"FuzzInit", "FuzzInterface", "FuzzObject", "FuzzCallback", "FuzzFunction",
                                            "Thread", "ThreadMap"}));
}

TEST(FillMalformed, CanBeReadIfValidOrInvalid)
{
    for (const Validity validity : {Validity::VALID, Validity::INVALID}) {
        const auto [readable, all] = CountReadable(validity);
        EXPECT_EQ(readable, all);
    }
}

TEST(FillMalformed, OftenCannotBeReadIfMalformed)
{
    const auto [readable, all] = CountReadable(Validity::MALFORMED);
    EXPECT_LT(readable, all * 9 / 10);
    EXPECT_GT(readable, all / 10);
}

TEST(FillMalformed, SometimesRepeatsAMapKey)
{
    const auto fees{FindInterface("FuzzInterface").getMethodByName("reverseFees").getParamType()};
    size_t twice{0};
    NoCapabilities none;
    for (uint64_t seed{1}; seed <= 500; ++seed) {
        base::Rng rng{seed};
        Choices choices{rng};
        capnp::MallocMessageBuilder builder;
        const auto message{builder.getRoot<capnp::AnyPointer>()};
        FillMalformed(message, fees, Validity::INVALID, choices, none);
        std::multiset<std::string> keys;
        const auto pairs{message.asReader().getAs<DynamicStruct>(fees).get("value").as<capnp::DynamicList>()};
        for (const auto pair : pairs) keys.insert(pair.as<DynamicStruct>().get("first").as<capnp::Text>().cStr());
        twice +=
            std::ranges::any_of(keys, [&](const auto& key) { return !key.empty() && keys.count(key) > 1; }) ? 1 : 0;
    }
    EXPECT_GT(twice, 5u);
}

//! Returns how many of 1,000 random values satisfy a condition.
size_t Count(const std::function<bool(Choices&)>& condition)
{
    base::Rng rng{1};
    Choices choices{rng};
    size_t count{0};
    for (int i{0}; i < 1'000; ++i) count += condition(choices) ? 1 : 0;
    return count;
}

TEST(ArbitraryBytes, AreSometimesATransaction)
{
    const size_t transactions{Count(
        [](Choices& choices) { return domains::bitcoin::ParseTransaction(ArbitraryBytes(choices)).has_value(); })};
    EXPECT_GT(transactions, 50u);
    EXPECT_LT(transactions, 500u);
}

TEST(ArbitraryText, IsJsonInAboutHalfOfTheCases)
{
    const size_t json{Count([](Choices& choices) { return nlohmann::json::accept(ArbitraryText(choices)); })};
    EXPECT_GT(json, 250u);
    EXPECT_LT(json, 750u);
}

TEST(ArbitraryText, IsSometimesNestedVeryDeeply)
{
    const auto is_deep{[](const std::string& text) { return text.starts_with(std::string(10'000, '[')); }};
    EXPECT_GT(Count([&](Choices& choices) { return is_deep(ArbitraryText(choices)); }), 3u);
}

TEST(ArbitraryInteger, IsOftenAnEnumerator)
{
    EXPECT_GT(Count([](Choices& choices) { return ArbitraryInteger(choices) == 2; }), 30u);
}

} // namespace
} // namespace mpfuzz::fuzz_interface
