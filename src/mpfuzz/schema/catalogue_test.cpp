#include <mpfuzz/schema/test_files.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace mpfuzz::schema {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> MethodsOf(const Schema& schema, std::string_view interface)
{
    std::vector<std::string> names;
    for (const MethodRef ref : schema.GetInterface(schema.FindInterface(interface).value()).all_methods) {
        names.push_back(schema.MethodName(ref));
    }
    return names;
}

std::vector<std::string> Texts(const std::vector<Annotation>& annotations)
{
    std::vector<std::string> texts;
    for (const Annotation& annotation : annotations) texts.push_back(annotation.name + "(" + annotation.value + ")");
    return texts;
}

TEST(Shapes, EveryFieldTypeHasItsKind)
{
    EXPECT_THAT(FieldsOf(*LoadTestdata("shapes.capnp"), "Everything"),
                ElementsAre("nothing :Void", "flag :Bool", "int8 :Int8", "int16 :Int16", "int32 :Int32", "int64 :Int64",
                            "uint8 :UInt8", "uint16 :UInt16", "uint32 :UInt32", "uint64 :UInt64", "float32 :Float32",
                            "float64 :Float64", "text :Text", "data :Data", "color :Color",
                            "cube :List(List(List(UInt8)))", "many :List(Everything)", "service :Service",
                            "anyPointer :AnyPointer", "anyStruct :AnyStruct", "anyList :AnyList",
                            "capability :Capability"));
}

TEST(Shapes, FieldsAreInCodeOrderIncludingGroupsAndUnions)
{
    const auto schema{LoadTestdata("shapes.capnp")};
    EXPECT_THAT(FieldsOf(*schema, "Unions"), ElementsAre("last :Text", "first :Text", "a :Text union",
                                                         "b :Unions.b group union", "named :Unions.named group"));
    EXPECT_THAT(FieldsOf(*schema, "Unions.b"), ElementsAre("x :Int32", "y :Data"));
    EXPECT_THAT(FieldsOf(*schema, "Unions.named"), ElementsAre("c :Void union", "d :Service union"));
    EXPECT_TRUE(schema->GetStruct(*schema->FindStruct("Unions.named")).is_group);
    EXPECT_TRUE(schema->GetStruct(*schema->FindStruct("Unions")).HasUnion());
    EXPECT_FALSE(schema->GetStruct(*schema->FindStruct("Unions.b")).HasUnion());
}

TEST(Catalogue, ListsTheUsersDeclarationsBeforeCapnProtos)
{
    const auto schema{LoadTestdata("shapes.capnp")};
    EXPECT_EQ(schema->GetStruct(0).name, "Everything");
    EXPECT_THAT(schema->Structs().back().name, testing::StartsWith("rpc.capnp:"));
}

TEST(Shapes, EnumerantsAreInOrdinalOrder)
{
    const auto schema{LoadTestdata("shapes.capnp")};
    const Type color{schema->ParseTypeName("Color").value()};
    EXPECT_EQ(color.kind, Kind::ENUM);
    EXPECT_THAT(schema->Enums().at(color.index).enumerants, ElementsAre("red", "blue", "green"));
}

TEST(Shapes, MethodsHaveTheirStructs)
{
    const auto schema{LoadTestdata("shapes.capnp")};
    const auto& methods{schema->GetInterface(*schema->FindInterface("Service")).methods};
    EXPECT_EQ(schema->GetStruct(methods[0].params).name, "Everything");
    EXPECT_FALSE(schema->GetStruct(methods[0].params).is_method_struct);
    EXPECT_EQ(schema->GetStruct(methods[1].params).name, "Service.stream$Params");
    EXPECT_TRUE(schema->GetStruct(methods[1].params).is_method_struct);
    EXPECT_TRUE(methods[1].streaming);
    EXPECT_THAT(schema->GetStruct(methods[1].results).fields, IsEmpty());
    EXPECT_FALSE(methods[2].streaming);
    EXPECT_THAT(schema->GetStruct(methods[2].results).fields, IsEmpty());
}

TEST(Values, ConstantsPrintInSchemaLanguage)
{
    const auto schema{LoadTestdata("values.capnp")};
    std::vector<std::string> texts;
    for (const Constant& constant : schema->Constants()) {
        texts.push_back(constant.name + " :" + schema->TypeName(constant.type) + " = " + constant.value);
    }
    EXPECT_THAT(texts,
                ElementsAre("answer :UInt8 = 42", R"(greeting :Text = "say \"hi\"\n")", R"(bytes :Data = 0x"00ff7f")",
                            "primes :List(Int32) = [2, 3, 5]", R"(origin :Point = (x = 1, label = "o"))",
                            "favourite :Mood = merry", "Point.dimensions :Int32 = 2"));
}

TEST(Values, DefaultsPrintIfTheyAreNotZero)
{
    const auto schema{LoadTestdata("values.capnp")};
    EXPECT_THAT(FieldsOf(*schema, "Defaults"),
                ElementsAre("flag :Bool = true", "low :Int64 = -9223372036854775808",
                            "high :UInt64 = 18446744073709551615", "real :Float64 = 1.5", "endless :Float32 = inf",
                            R"(text :Text = "a")", R"(data :Data = 0x"62")", "mood :Mood = merry",
                            "list :List(Int32) = [1, 2]", "point :Point = (x = 7)", "constant :UInt8 = 42",
                            "zero :Int32", "falsehood :Bool", "emptyText :Text", "emptyList :List(Text)",
                            "emptyPoint :Point", "firstMood :Mood"));
    EXPECT_THAT(FieldsOf(*schema, "Ask.ask$Params"), ElementsAre("times :UInt32 = 3", "by :Point = (x = 1)"));
}

TEST(Annotations, AreKeptOnEveryKindOfDeclaration)
{
    const auto schema{LoadTestdata("annotations.capnp")};
    const Struct& marked{schema->GetStruct(*schema->FindStruct("Marked"))};
    EXPECT_THAT(Texts(marked.annotations), ElementsAre("annotations.count(1)", R"(annotation_names.wrap("a::B<c>"))"));
    EXPECT_THAT(Texts(marked.fields[0].annotations), ElementsAre("annotation_names.Nested.flag(void)"));
    EXPECT_THAT(Texts(marked.fields[1].annotations), ElementsAre("annotations.count(2)"));
    const Struct& group{schema->GetStruct(*schema->FindStruct("Marked.group"))};
    EXPECT_THAT(Texts(group.fields[0].annotations), ElementsAre("annotation_names.point((x = 1, y = 2))"));
    EXPECT_THAT(Texts(group.fields[1].annotations), ElementsAre(R"(annotation_names.words(["a", "b"]))"));
    const Interface& service{schema->GetInterface(*schema->FindInterface("Service"))};
    EXPECT_THAT(Texts(service.annotations), ElementsAre(R"(annotation_names.wrap("Service"))"));
    EXPECT_THAT(Texts(service.methods[0].annotations), ElementsAre("annotations.count(3)"));
    EXPECT_THAT(Texts(schema->GetStruct(service.methods[0].params).fields[0].annotations),
                ElementsAre("annotations.count(4)"));
    EXPECT_THAT(Texts(schema->GetStruct(service.methods[0].results).fields[0].annotations),
                ElementsAre("annotations.count(5)"));
}

TEST(Inheritance, ADiamondInheritsEachMethodOnce)
{
    const auto schema{LoadTestdata("inheritance.capnp")};
    EXPECT_THAT(MethodsOf(*schema, "Bottom"),
                ElementsAre("Bottom.bottom", "Left.left", "Top.top", "Top.shared", "Right.right"));
    EXPECT_THAT(MethodsOf(*schema, "Top"), ElementsAre("Top.top", "Top.shared"));
    EXPECT_EQ(schema->MethodName(schema->FindMethod(*schema->FindInterface("Bottom"), "shared").value()), "Top.shared");
    EXPECT_FALSE(schema->FindMethod(*schema->FindInterface("Left"), "right"));
}

TEST(Inheritance, ExtendsIsTrueForAncestorsOnly)
{
    const auto schema{LoadTestdata("inheritance.capnp")};
    const auto extends{[&](const char* derived, const char* base) {
        return schema->Extends(*schema->FindInterface(derived), *schema->FindInterface(base));
    }};
    EXPECT_TRUE(extends("Bottom", "Top"));
    EXPECT_TRUE(extends("Bottom", "Bottom"));
    EXPECT_FALSE(extends("Top", "Bottom"));
    EXPECT_FALSE(extends("Left", "Right"));
}

TEST(Generics, EachBindingIsAStructOfItsOwn)
{
    const auto schema{LoadTestdata("generics.capnp")};
    EXPECT_THAT(FieldsOf(*schema, "Pair(Text, Text)"), ElementsAre("first :Text", "second :Text"));
    EXPECT_THAT(FieldsOf(*schema, "Uses"),
                ElementsAre("texts :Pair(Text, Text)", "again :Pair(Text, Text)",
                            "mixed :Pair(List(Data), Pair(Uses, Store(Text)))", "inner :Outer(Data).Inner(Text)",
                            "unbound :Pair", "any :Pair", "list :List(Pair(Text, Text))"));
    EXPECT_THAT(FieldsOf(*schema, "Pair"), ElementsAre("first :AnyPointer", "second :AnyPointer"));
    const auto count{std::count_if(schema->Structs().begin(), schema->Structs().end(),
                                   [](const Struct& value) { return value.name == "Pair(Text, Text)"; })};
    EXPECT_EQ(count, 1);
}

TEST(Generics, BindingsOfAnEnclosingStructApplyInside)
{
    const auto schema{LoadTestdata("generics.capnp")};
    EXPECT_THAT(FieldsOf(*schema, "Outer(Data).Inner(Text)"),
                ElementsAre("outer :Data", "own :Text", "kind :Outer.Kind"));
    EXPECT_THAT(FieldsOf(*schema, "Outer.choice"), ElementsAre("none :Void union", "some :AnyPointer union"));
}

TEST(Generics, InterfacesBindTheirMethodsAndSuperclasses)
{
    const auto schema{LoadTestdata("generics.capnp")};
    EXPECT_THAT(FieldsOf(*schema, "Store(Text).get$Results"), ElementsAre("value :Text", "next :Store(Text)"));
    EXPECT_THAT(MethodsOf(*schema, "TextStore"),
                ElementsAre("TextStore.size", "Store(Text).put", "Store(Text).get", "Store(Text).convert"));
}

TEST(Generics, ParametersOfAMethodAreUnbound)
{
    const auto schema{LoadTestdata("generics.capnp")};
    EXPECT_THAT(FieldsOf(*schema, "Store(Text).convert$Params"), ElementsAre("from :Text", "to :AnyPointer"));
    EXPECT_THAT(FieldsOf(*schema, "Store(Text).convert$Results"), ElementsAre("result :Pair(AnyPointer, Text)"));
}

TEST(Generics, InfinitelyNestedBindingsBecomeGenericAtTheLimit)
{
    const auto schema{LoadTestdata("endless.capnp")};
    EXPECT_TRUE(schema->FindStruct("Endless(Box(Box(Text)))"));
    EXPECT_THAT(FieldsOf(*schema, "Endless(Box(Box(Box(Box(Box(Text))))))"),
                ElementsAre("value :Box(Box(Box(Box(Box(Text)))))", "next :Endless"));
    EXPECT_LT(schema->Structs().size(), 500U);
}

} // namespace
} // namespace mpfuzz::schema
