#include <mpfuzz/base/testing/temporary_directory.h>
#include <mpfuzz/schema/describe.h>
#include <mpfuzz/schema/notation.h>
#include <mpfuzz/schema/test_files.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sstream>

namespace mpfuzz::schema {
namespace {

using testing::HasSubstr;

TEST(Routes, AreShortestAndMissingIfNoMethodReturnsTheInterface)
{
    const auto schema{LoadTestdata("inheritance.capnp")};
    const auto routes{RoutesFrom(*schema, schema->FindInterface("Left").value())};
    const auto text{[&](const char* name) { return RouteText(*schema, routes[*schema->FindInterface(name)].value()); }};
    EXPECT_EQ(text("Left"), "");
    EXPECT_EQ(text("Top"), ""); // it is an ancestor of the main interface
    EXPECT_EQ(text("Bottom"), "Left.left → bottom");
    EXPECT_EQ(text("Right"), "Left.left → bottom");
    EXPECT_FALSE(routes[*schema->FindInterface("Alone")]);
}

TEST(Routes, GoThroughSeveralCalls)
{
    const base::TemporaryDirectory directory;
    const auto schema{MustLoad({directory.Write("a.capnp", "@0xaaaaaaaaaaaaaaa1;\n"
                                                           "interface A { b @0 () -> (list :List(B)); }\n"
                                                           "interface B { longWay @0 () -> (a :A);\n"
                                                           "              c @1 () -> Deep; }\n"
                                                           "struct Deep { deep :group { c @0 :C; x @1 :Void; } }\n"
                                                           "interface C {}\n")})};
    const auto routes{RoutesFrom(*schema, schema->FindInterface("A").value())};
    EXPECT_EQ(RouteText(*schema, routes[*schema->FindInterface("C")].value()), "A.b → list[].c → deep.c");
}

TEST(Describe, ListsMethodsAndRoutes)
{
    const auto schema{LoadTestdata("flows.capnp")};
    EXPECT_EQ(Describe(*schema, schema->FindInterface("Main")), R"(Main: the main interface
  direct     () -> (item :Item)
  grouped    () -> Grouped
  listed     () -> (items :List(Item))
  recursive  () -> (tree :Tree)
  opaque     () -> (any :AnyPointer, capability :Capability)
  special    () -> (special :SpecialItem)
  give       (item :Item, special :SpecialItem, hash :Data) -> ()
  getHash    () -> (hash :Data, hashes :List(Data), found :Void)

Item: Main.direct → item
  again  () -> (item :Item)

SpecialItem extends(Item): Main.special → special

Unreachable: unreachable from Main
  from  () -> (other :Unreachable)

Structs
  Grouped  (group :group (item :Item, other :Void))
  Tree     (children :List(Tree), item :Item, parent :Tree)
)");
}

TEST(Describe, ShowsUnionsGroupsStreamsAndEnums)
{
    const auto schema{LoadTestdata("shapes.capnp")};
    const std::string text{Describe(*schema, schema->FindInterface("Service"))};
    EXPECT_THAT(text, HasSubstr("  stream   (chunk :Data) -> stream\n"));
    EXPECT_THAT(text, HasSubstr("named :union (c :Void, d :Service)"));
    EXPECT_THAT(text, HasSubstr("union (a :Text, b :group (x :Int32, y :Data))"));
    EXPECT_THAT(text, HasSubstr("\nEnums\n  Color  (red, blue, green)\n"));
    std::istringstream lines{text};
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
}

TEST(Describe, WithoutAMainInterfaceNamesTheNearestProducerOrConsumer)
{
    const auto schema{LoadTestdata("inheritance.capnp")};
    EXPECT_THAT(Describe(*schema, std::nullopt), HasSubstr("Alone: no method returns it\n"));
    const auto alone{Describe(*schema, schema->FindInterface("Alone"))};
    EXPECT_THAT(alone, HasSubstr("Top: unreachable from Alone; serve one: Alone.take takes it as `top`\n"));
}

// With some compilers, braces around a JSON value make it an array. Therefore this test uses `=`.
TEST(DescribeJson, HasTheSameFacts)
{
    const auto schema{LoadTestdata("flows.capnp")};
    const nlohmann::json json = nlohmann::json::parse(DescribeJson(*schema, schema->FindInterface("Main")));
    EXPECT_EQ(json["main"], "Main");
    const nlohmann::json& special = json["interfaces"][2];
    EXPECT_EQ(special["name"], "SpecialItem");
    EXPECT_EQ(special["extends"], nlohmann::json::array({"Item"}));
    EXPECT_EQ(special["reachable"], true);
    EXPECT_EQ(special["route"], nlohmann::json::parse(R"([{"method": "Main.special", "path": "special"}])"));
    EXPECT_EQ(special["wanted_by"].size(), 2U);
    EXPECT_EQ(json["interfaces"][3]["reachable"], false);
    EXPECT_EQ(json["interfaces"][0]["methods"][6]["params"], "(item :Item, special :SpecialItem, hash :Data)");
    EXPECT_EQ(json["structs"][0]["fields"], "(group :group (item :Item, other :Void))");
    EXPECT_TRUE(nlohmann::json::parse(DescribeJson(*schema, std::nullopt))["interfaces"][0]["reachable"].is_null());
}

} // namespace
} // namespace mpfuzz::schema
