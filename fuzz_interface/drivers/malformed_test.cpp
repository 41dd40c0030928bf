#include <fuzz_interface/drivers/malformed.h>

#include <fuzz_interface/drivers/content.h>
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

//! Has nothing to give.
class Nobody final : public Capabilities
{
    kj::Maybe<capnp::Capability::Client> Choose(capnp::StructSchema::Field, bool) override { return nullptr; }
};

//! Whether all that the schema names can be read, down to the last text.
bool IsReadable(capnp::AnyPointer::Reader message, capnp::StructSchema schema)
{
    return kj::runCatchingExceptions([&] { kj::str(message.getAs<DynamicStruct>(schema)); }) == nullptr;
}

//! How many messages of that order, one for each method at each of 10 seeds, can be read; and how many there are.
std::pair<size_t, size_t> CountReadable(Order order)
{
    size_t readable{0};
    size_t all{0};
    Nobody nobody;
    for (uint64_t seed{1}; seed <= 10; ++seed) {
        base::Rng rng{seed};
        Choices choices{rng};
        for (const auto& interface : Interfaces()) {
            for (const auto method : interface.getMethods()) {
                capnp::MallocMessageBuilder builder;
                const auto message{builder.getRoot<capnp::AnyPointer>()};
                FillMalformed(message, method.getParamType(), order, choices, nobody);
                readable += IsReadable(message.asReader(), method.getParamType()) ? 1 : 0;
                ++all;
            }
        }
    }
    return {readable, all};
}

TEST(Interfaces, AreAllThatTheSchemaLeadsTo)
{
    std::set<std::string> names;
    for (const auto& schema : Interfaces()) names.insert(schema.getShortDisplayName().cStr());
    EXPECT_EQ(names, (std::set<std::string>{"FuzzInit", "FuzzInterface", "FuzzObject", "FuzzCallback", "FuzzFunction",
                                            "Thread", "ThreadMap"}));
}

TEST(Nonsense, CanBeReadUnlessItIsSpoilt)
{
    for (const Order order : {Order::TIDY, Order::LOOSE}) {
        const auto [readable, all] = CountReadable(order);
        EXPECT_EQ(readable, all);
    }
}

TEST(Nonsense, OftenCannotBeReadWhereItIsSpoilt)
{
    const auto [readable, all] = CountReadable(Order::MALFORMED);
    EXPECT_LT(readable, all * 9 / 10);
    EXPECT_GT(readable, all / 10);
}

TEST(Nonsense, HasTheSameKeyTwice)
{
    const auto fees{FindInterface("FuzzInterface").getMethodByName("reverseFees").getParamType()};
    size_t twice{0};
    Nobody nobody;
    for (uint64_t seed{1}; seed <= 500; ++seed) {
        base::Rng rng{seed};
        Choices choices{rng};
        capnp::MallocMessageBuilder builder;
        const auto message{builder.getRoot<capnp::AnyPointer>()};
        FillMalformed(message, fees, Order::LOOSE, choices, nobody);
        std::multiset<std::string> keys;
        const auto pairs{message.asReader().getAs<DynamicStruct>(fees).get("value").as<capnp::DynamicList>()};
        for (const auto pair : pairs) keys.insert(pair.as<DynamicStruct>().get("first").as<capnp::Text>().cStr());
        twice +=
            std::ranges::any_of(keys, [&](const auto& key) { return !key.empty() && keys.count(key) > 1; }) ? 1 : 0;
    }
    EXPECT_GT(twice, 5u);
}

//! How many of 1,000 are as asked.
size_t Count(const std::function<bool(Choices&)>& is_so)
{
    base::Rng rng{1};
    Choices choices{rng};
    size_t count{0};
    for (int i{0}; i < 1'000; ++i) count += is_so(choices) ? 1 : 0;
    return count;
}

TEST(WildBytes, AreATransactionNowAndThen)
{
    const size_t transactions{
        Count([](Choices& choices) { return domains::bitcoin::ParseTransaction(WildBytes(choices)).has_value(); })};
    EXPECT_GT(transactions, 50u);
    EXPECT_LT(transactions, 500u);
}

TEST(WildText, IsJsonAboutHalfOfTheTime)
{
    const size_t json{Count([](Choices& choices) { return nlohmann::json::accept(WildText(choices)); })};
    EXPECT_GT(json, 250u);
    EXPECT_LT(json, 750u);
}

TEST(WildText, IsVeryDeepNowAndThen)
{
    const auto is_deep{[](const std::string& text) { return text.starts_with(std::string(10'000, '[')); }};
    EXPECT_GT(Count([&](Choices& choices) { return is_deep(WildText(choices)); }), 3u);
}

TEST(WildInteger, IsOftenTheNumberOfAColour)
{
    EXPECT_GT(Count([](Choices& choices) { return WildInteger(choices) == 2; }), 30u);
}

} // namespace
} // namespace mpfuzz::fuzz_interface
