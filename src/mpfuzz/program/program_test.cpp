#include <mpfuzz/program/test_program.h>

#include <gtest/gtest.h>

namespace mpfuzz::program {
namespace {

PathElement At(uint32_t field) { return {PathElement::Kind::FIELD, field}; }
PathElement Nth(uint32_t element) { return {PathElement::Kind::ELEMENT, element}; }

TEST(StructValue, KeepsItsFieldsInOrderAndOnce)
{
    StructValue value;
    value.Set(5, true);
    value.Set(2, uint64_t{7});
    value.Set(5, false);
    value.Set(9, Null{});
    value.Erase(9);
    value.Erase(4);
    EXPECT_EQ(value, (StructValue{{{2, uint64_t{7}}, {5, false}}}));
    EXPECT_EQ(*value.Find(2), Value{uint64_t{7}});
    EXPECT_EQ(value.Find(3), nullptr);
    EXPECT_EQ(value.Find(6), nullptr);
}

TEST(ApplyEdits, ChangesBytesInOrder)
{
    const auto edited{[](const std::vector<Edit>& edits) { return ApplyEdits("abcd", edits); }};
    using Kind = Edit::Kind;
    EXPECT_EQ(edited({}), "abcd");
    EXPECT_EQ(edited({{Kind::FLIP, 1, ""}}), "cbcd");
    EXPECT_EQ(edited({{Kind::FLIP, 31, ""}}), "abc\xe4");
    EXPECT_EQ(edited({{Kind::FLIP, 32, ""}}), "abcd");
    EXPECT_EQ(edited({{Kind::FLIP, UINT64_MAX, ""}}), "abcd");
    EXPECT_EQ(edited({{Kind::PUT, 1, "XY"}}), "aXYd");
    EXPECT_EQ(edited({{Kind::PUT, 3, "XYZ"}}), "abcX");
    EXPECT_EQ(edited({{Kind::PUT, 4, "X"}}), "abcd");
    EXPECT_EQ(edited({{Kind::PUT, UINT64_MAX, "X"}}), "abcd");
    EXPECT_EQ(edited({{Kind::CUT, 2, ""}}), "ab");
    EXPECT_EQ(edited({{Kind::CUT, 5, ""}}), "abcd");
    EXPECT_EQ(edited({{Kind::PREPEND, 0, "<"}, {Kind::APPEND, 0, ">"}, {Kind::CUT, 3, ""}}), "<ab");
}

TEST(TypeAt, FollowsFieldsAndElementsOnly)
{
    const schema::Schema& schema{TestSchema()};
    const uint32_t block{schema.FindStruct("mining.capnp:Block").value()};
    EXPECT_EQ(TypeAt(schema, block, {}), (schema::Type{schema::Kind::STRUCT, block}));
    EXPECT_EQ(TypeAt(schema, block, {At(1), Nth(5)}), schema::Type{schema::Kind::DATA});
    EXPECT_EQ(TypeAt(schema, block, {At(2), At(1)}), schema::Type{schema::Kind::INT32});
    EXPECT_EQ(TypeAt(schema, block, {At(9)}), std::nullopt);
    EXPECT_EQ(TypeAt(schema, block, {Nth(0)}), std::nullopt);
    EXPECT_EQ(TypeAt(schema, block, {At(1), At(0)}), std::nullopt);
    EXPECT_EQ(TypeAt(schema, block, {At(0), At(0)}), std::nullopt);
}

TEST(InterfaceOf, IsTheInterfaceOfTheReferenceInTheSchema)
{
    const schema::Schema& schema{TestSchema()};
    const Program program{MustParse("c = connect\ni = c.bootstrap Init\ns = serve Listener\nm = i.makeLab()\n")};
    EXPECT_EQ(InterfaceOf(schema, program, {1, {}}), schema.FindInterface("Init"));
    EXPECT_EQ(InterfaceOf(schema, program, {2, {}}), schema.FindInterface("Listener"));
    EXPECT_EQ(InterfaceOf(schema, program, {3, {At(0)}}), schema.FindInterface("Lab"));
    EXPECT_EQ(InterfaceOf(schema, program, {3, {At(1)}}), std::nullopt);
    EXPECT_EQ(InterfaceOf(schema, program, {3, {At(2)}}), std::nullopt);
    EXPECT_EQ(InterfaceOf(schema, program, {3, {}}), std::nullopt);
    EXPECT_EQ(InterfaceOf(schema, program, {0, {}}), std::nullopt);
}

TEST(ConnectionOf, FollowsTargetsToTheBootstrap)
{
    const Program program{MustParse("c = connect\n"
                                    "d = connect\n"
                                    "i = d.bootstrap Init\n"
                                    "m = i.makeMining()\n"
                                    "m.result.getTip()\n"
                                    "s = serve Init\n"
                                    "s.makeMining()\n"
                                    "await all\n"
                                    "disconnect d half\n"
                                    "c.bytes \"\"\n"
                                    "c.message ()\n")};
    std::vector<std::optional<StepIndex>> connections;
    for (StepIndex i{0}; i < program.steps.size(); ++i) connections.push_back(ConnectionOf(program, i));
    EXPECT_EQ(connections, (std::vector<std::optional<StepIndex>>{0, 1, 1, 1, 1, std::nullopt, std::nullopt,
                                                                  std::nullopt, 1, 0, 0}));
}

TEST(CountCalls, CountsOnlyCalls)
{
    EXPECT_EQ(CountCalls(MustParse("c = connect\ni = c.bootstrap Init\ni.makeMining()\nawait all\ni.makeLab()\n")), 2U);
}

} // namespace
} // namespace mpfuzz::program
