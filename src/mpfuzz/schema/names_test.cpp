#include <mpfuzz/base/testing/temporary_directory.h>
#include <mpfuzz/schema/test_files.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mpfuzz::schema {
namespace {

using testing::Contains;
using testing::ElementsAre;

std::vector<std::string> Names(const Schema& schema)
{
    std::vector<std::string> names;
    for (const Struct& value : schema.Structs()) {
        if (!value.name.starts_with("rpc.capnp:")) names.push_back(value.name);
    }
    for (const Interface& value : schema.Interfaces()) names.push_back(value.name);
    return names;
}

constexpr const char* BLOCK_A{"@0xaaaaaaaaaaaaaaa1;\nstruct Block { a @0 :Text; struct Part {} }\n"};
constexpr const char* BLOCK_B{"@0xaaaaaaaaaaaaaaa2;\nstruct Block { b @0 :Text; }\nstruct Lone {}\n"};

TEST(Names, AreShortIfOneDeclarationHasThem)
{
    const base::TemporaryDirectory directory;
    EXPECT_THAT(Names(*MustLoad({directory.Write("a.capnp", BLOCK_A)})), ElementsAre("Block", "Block.Part"));
}

TEST(Names, AreQualifiedByFileIfTwoDeclarationsHaveThem)
{
    const base::TemporaryDirectory directory;
    const auto schema{MustLoad({directory.Write("b.capnp", BLOCK_B), directory.Write("a.capnp", BLOCK_A)})};
    EXPECT_THAT(Names(*schema), ElementsAre("a.capnp:Block", "Block.Part", "b.capnp:Block", "Lone"));
}

TEST(Names, AreQualifiedByPathIfTheFilesHaveOneName)
{
    const base::TemporaryDirectory directory;
    const auto schema{MustLoad({directory.Write("y/x.capnp", BLOCK_B), directory.Write("z/x.capnp", BLOCK_A)})};
    EXPECT_THAT(Names(*schema), ElementsAre("z/x.capnp:Block", "Block.Part", "y/x.capnp:Block", "Lone"));
}

TEST(Names, OfBuiltInTypesAreReserved)
{
    const base::TemporaryDirectory directory;
    const auto schema{MustLoad({directory.Write("a.capnp", "@0xaaaaaaaaaaaaaaa3;\n"
                                                           "struct Data { number @0 :Int32; }\n"
                                                           "struct Holder { own @0 :Data; text @1 :Text; }\n")})};
    EXPECT_THAT(FieldsOf(*schema, "Holder"), ElementsAre("own :a.capnp:Data", "text :Text"));
}

TEST(Names, AUsersOwnRpcFileDoesNotClashWithCapnProtos)
{
    const base::TemporaryDirectory directory;
    const auto schema{MustLoad({directory.Write("rpc.capnp", "@0xaaaaaaaaaaaaaaa4;\n"
                                                             "interface Rpc { call @0 (call :Call) -> (); }\n"
                                                             "struct Call { mine @0 :Text; }\n"
                                                             "struct Message {}\n")})};
    EXPECT_THAT(FieldsOf(*schema, "Call"), ElementsAre("mine :Text"));
    EXPECT_THAT(FieldsOf(*schema, "rpc.capnp:Call"), Contains("interfaceId :UInt64"));
    EXPECT_EQ(schema->GetStruct(schema->RpcMessage()).name, "rpc.capnp:Message");
    EXPECT_NE(schema->FindStruct("Message"), schema->RpcMessage());
}

TEST(Names, OfCapnProtosRpcAreShortIfTheUserLoadsIt)
{
    const auto schema{MustLoad({"/usr/include/capnp/rpc.capnp"})};
    EXPECT_EQ(schema->GetStruct(schema->RpcMessage()).name, "Message");
    EXPECT_THAT(FieldsOf(*schema, "PromisedAnswer.Op"),
                ElementsAre("noop :Void union", "getPointerField :UInt16 union"));
}

TEST(Names, AreUniqueInEverySchema)
{
    for (const auto& files : std::vector<std::vector<std::string>>{
             {Testdata("generics.capnp")},
             {Testdata("generics.capnp"), Testdata("shapes.capnp"), Testdata("values.capnp"), Testdata("flows.capnp")},
             {"/usr/include/capnp/schema.capnp", "/usr/include/capnp/rpc.capnp",
              "/usr/include/capnp/persistent.capnp"}}) {
        const auto schema{MustLoad(files)};
        for (uint32_t i{0}; i < schema->Structs().size(); ++i) {
            EXPECT_EQ(schema->FindStruct(schema->GetStruct(i).name), i) << schema->GetStruct(i).name;
        }
        for (uint32_t i{0}; i < schema->Interfaces().size(); ++i) {
            EXPECT_EQ(schema->FindInterface(schema->GetInterface(i).name), i) << schema->GetInterface(i).name;
        }
    }
}

} // namespace
} // namespace mpfuzz::schema
