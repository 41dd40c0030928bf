#include <mpfuzz/schema/test_files.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mpfuzz::schema {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> Texts(const Schema& schema, const std::vector<Occurrence>& occurrences, bool in_results)
{
    std::vector<std::string> texts;
    for (const Occurrence& occurrence : occurrences) {
        const Method& method{schema.GetMethod(occurrence.method)};
        Type at{Kind::STRUCT, in_results ? method.results : method.params};
        std::string text{schema.MethodName(occurrence.method)};
        for (const PathStep& step : occurrence.path) {
            if (step.kind == PathStep::Kind::ELEMENT) {
                text += "[]";
                at = schema.Element(at);
            } else {
                const Field& field{schema.GetStruct(at.index).fields.at(step.field)};
                text += " " + field.name;
                at = field.type;
            }
        }
        texts.push_back(text);
    }
    return texts;
}

std::vector<std::string> ProducersOf(const Schema& schema, std::string_view interface)
{
    return Texts(schema, schema.Producers(schema.FindInterface(interface).value()), true);
}

std::vector<std::string> ConsumersOf(const Schema& schema, std::string_view interface)
{
    return Texts(schema, schema.Consumers(schema.FindInterface(interface).value()), false);
}

const DataFlow* FindFlow(const Schema& schema, std::string_view type, std::string_view field)
{
    for (const DataFlow& flow : schema.DataFlows()) {
        if (schema.TypeName(flow.type) == type && flow.field == field) return &flow;
    }
    return nullptr;
}

TEST(Producers, AreShortestFirstThroughGroupsListsAndStructs)
{
    const auto schema{LoadTestdata("flows.capnp")};
    EXPECT_THAT(ProducersOf(*schema, "Item"),
                ElementsAre("Main.direct item", "Main.special special", "Item.again item", "Main.grouped group item",
                            "Main.listed items[]", "Main.recursive tree item"));
}

TEST(Producers, OfAnInterfaceIncludeThoseOfItsSubclasses)
{
    const auto schema{LoadTestdata("flows.capnp")};
    EXPECT_THAT(ProducersOf(*schema, "SpecialItem"), ElementsAre("Main.special special"));
    EXPECT_THAT(ProducersOf(*schema, "Main"), IsEmpty());
    const auto diamond{LoadTestdata("inheritance.capnp")};
    EXPECT_THAT(ProducersOf(*diamond, "Top"), ElementsAre("Top.shared self", "Left.left bottom"));
}

TEST(Consumers, AcceptSubclassesOfTheirInterface)
{
    const auto schema{LoadTestdata("flows.capnp")};
    EXPECT_THAT(ConsumersOf(*schema, "Item"), ElementsAre("Main.give item"));
    EXPECT_THAT(ConsumersOf(*schema, "SpecialItem"), ElementsAre("Main.give item", "Main.give special"));
}

TEST(DataFlows, JoinResultsAndParametersOfOneTypeAndName)
{
    const auto schema{LoadTestdata("flows.capnp")};
    const DataFlow* hash{FindFlow(*schema, "Data", "hash")};
    ASSERT_TRUE(hash);
    EXPECT_THAT(Texts(*schema, hash->producers, true), ElementsAre("Main.getHash hash"));
    EXPECT_THAT(Texts(*schema, hash->consumers, false), ElementsAre("Main.give hash"));
}

TEST(DataFlows, IncludeListsAndTheirElementsButNotVoidOrCapabilities)
{
    const auto schema{LoadTestdata("flows.capnp")};
    EXPECT_TRUE(FindFlow(*schema, "List(Data)", "hashes"));
    EXPECT_TRUE(FindFlow(*schema, "Data", "hashes"));
    EXPECT_FALSE(FindFlow(*schema, "Void", "found"));
    EXPECT_EQ(schema->DataFlows().size(), 3U);
}

} // namespace
} // namespace mpfuzz::schema
