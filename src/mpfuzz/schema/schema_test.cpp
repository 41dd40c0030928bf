#include <mpfuzz/schema/test_files.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mpfuzz::schema {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> Matches(const Schema& schema, std::string_view glob)
{
    std::vector<std::string> names;
    for (const MethodRef ref : schema.MatchMethods(glob)) names.push_back(schema.MethodName(ref));
    return names;
}

TEST(Kind, IntegerRangesAreThoseOfTheWire)
{
    EXPECT_EQ(MinInteger(Kind::INT8), -128);
    EXPECT_EQ(MaxInteger(Kind::INT8), 127U);
    EXPECT_EQ(MinInteger(Kind::UINT64), 0);
    EXPECT_EQ(MaxInteger(Kind::UINT64), UINT64_MAX);
    EXPECT_EQ(MinInteger(Kind::INT64), INT64_MIN);
    EXPECT_FALSE(IsInteger(Kind::BOOL));
    EXPECT_FALSE(IsInteger(Kind::FLOAT32));
    EXPECT_EXIT(MaxInteger(Kind::TEXT), testing::ExitedWithCode(base::EXIT_OWN_BUG), "IsInteger");
}

TEST(Kind, OnlyPointersCanBeNull)
{
    EXPECT_TRUE(IsPointer(Kind::TEXT));
    EXPECT_TRUE(IsPointer(Kind::CAPABILITY));
    EXPECT_FALSE(IsPointer(Kind::ENUM));
    EXPECT_FALSE(IsPointer(Kind::VOID));
}

TEST(TypeName, ParsesBackToTheSameTypeForEveryTypeOfTheSchema)
{
    for (const char* file : {"generics.capnp", "shapes.capnp", "values.capnp", "inheritance.capnp"}) {
        const auto schema{LoadTestdata(file)};
        for (const Struct& value : schema->Structs()) {
            EXPECT_TRUE(schema->FindStruct(value.name)) << value.name;
            for (const Field& field : value.fields) {
                EXPECT_EQ(schema->ParseTypeName(schema->TypeName(field.type)), field.type) << value.name << field.name;
            }
        }
    }
}

TEST(TypeName, IsRejectedIfTheSchemaHasNoSuchType)
{
    const auto schema{LoadTestdata("shapes.capnp")};
    EXPECT_FALSE(schema->ParseTypeName("NoSuch"));
    EXPECT_FALSE(schema->ParseTypeName("List(NoSuch)"));
    EXPECT_FALSE(schema->ParseTypeName("List(List(Float64))"));
    EXPECT_FALSE(schema->ParseTypeName("List(UInt8"));
    EXPECT_FALSE(schema->ParseTypeName("List"));
    EXPECT_FALSE(schema->ParseTypeName(""));
    EXPECT_TRUE(schema->ParseTypeName("List(List(UInt8))"));
    std::string deep;
    for (int i{0}; i < 200'000; ++i) deep += "List(";
    EXPECT_FALSE(schema->ParseTypeName(deep + std::string(200'000, ')')));
}

TEST(MatchMethods, MatchesInterfaceAndMethod)
{
    const auto schema{LoadTestdata("flows.capnp")};
    EXPECT_THAT(Matches(*schema, "Item.*"), ElementsAre("Item.again"));
    EXPECT_THAT(Matches(*schema, "*.g*"), ElementsAre("Main.grouped", "Main.give", "Main.getHash"));
    EXPECT_THAT(Matches(*schema, "Main.?i*"), ElementsAre("Main.direct", "Main.listed", "Main.give"));
    EXPECT_THAT(Matches(*schema, "Main"), IsEmpty());
    EXPECT_THAT(Matches(*schema, ""), IsEmpty());
    EXPECT_EQ(Matches(*schema, "*").size(), 10U);
}

TEST(MatchMethods, BindingsMayBeLeftOut)
{
    const auto schema{LoadTestdata("generics.capnp")};
    EXPECT_THAT(Matches(*schema, "Store.put"), ElementsAre("Store.put", "Store(Text).put"));
    EXPECT_THAT(Matches(*schema, "Store(Text).put"), ElementsAre("Store(Text).put"));
}

} // namespace
} // namespace mpfuzz::schema
