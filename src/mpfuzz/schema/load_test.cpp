#include <mpfuzz/base/testing/temporary_directory.h>
#include <mpfuzz/schema/test_files.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>

namespace mpfuzz::schema {
namespace {

using testing::HasSubstr;

//! The output of `capnp compile -o-`.
std::string Compile(const std::vector<std::string>& files)
{
    std::string command{"capnp compile -o-"};
    for (const std::string& file : files) command += " '" + file + "'";
    FILE* pipe{popen(command.c_str(), "r")};
    std::string output;
    std::array<char, 4096> buffer{};
    for (size_t n; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) output.append(buffer.data(), n);
    EXPECT_EQ(pclose(pipe), 0) << command;
    return output;
}

void ExpectSame(const Schema& a, const Schema& b)
{
    EXPECT_EQ(Dump(a), Dump(b));
    EXPECT_EQ(a.Hash(), b.Hash());
}

TEST(LoadFiles, CapnProtosOwnSchemasLoad)
{
    const auto schema{MustLoad({"/usr/include/capnp/schema.capnp", "/usr/include/capnp/persistent.capnp",
                                "/usr/include/capnp/rpc.capnp", "/usr/include/capnp/rpc-twoparty.capnp"})};
    EXPECT_TRUE(schema->FindStruct("Node.struct"));
    EXPECT_TRUE(schema->FindInterface("Persistent"));
}

TEST(LoadFiles, ReportsEveryErrorWithLineAndColumn)
{
    const std::string file{Testdata("errors.capnp")};
    const std::string error{ErrorOf({file})};
    EXPECT_THAT(error, HasSubstr(file + ":3:24: error: Import failed: no_such_file.capnp; there is no such file"));
    EXPECT_THAT(error, HasSubstr(file + ":4:25: error: Import failed: /mp/no_such_proxy.capnp"));
    EXPECT_THAT(error, HasSubstr(file + ":7:13: error: Not defined: NoSuchType"));
    EXPECT_THAT(error, HasSubstr(file + ":8:11: error: Duplicate ordinal number."));
    EXPECT_THAT(error, HasSubstr(file + ":9:10: error: Skipped ordinal @1."));
    EXPECT_EQ(std::count(error.begin(), error.end(), '\n'), 5) << error;
}

TEST(LoadFiles, ReportsSyntaxErrorsOfSeveralFiles)
{
    const base::TemporaryDirectory directory;
    const std::string a{directory.Write("a.capnp", "@0xaaaaaaaaaaaaaaa1;\nstruct A {\n  x @0 Text;\n}\n")};
    const std::string b{directory.Write("b.capnp", "struct B {}\n")};
    const std::string error{ErrorOf({a, b})};
    EXPECT_THAT(error, HasSubstr(a + ":3:12: error: Parse error."));
    EXPECT_THAT(error, HasSubstr(b + ":1:1: error: File does not declare an ID."));
}

TEST(LoadFiles, SaysWhichImportPathIsMissing)
{
    const base::TemporaryDirectory directory;
    const std::string file{directory.Write("a.capnp", "@0xaaaaaaaaaaaaaaa1;\nusing P = import \"/mp/p.capnp\";\n"
                                                      "struct A { p @0 :P.P; }\n")};
    EXPECT_THAT(ErrorOf({file}), HasSubstr("add the directory that holds mp/p.capnp to `import_paths` in [schema] "
                                           "(searched: /usr/local/include /usr/include)"));
    const auto named{LoadFiles(std::array{file}, {}, Origin::COMMAND_LINE)};
    ASSERT_FALSE(named);
    EXPECT_THAT(named.GetError().message, HasSubstr("add the directory that holds mp/p.capnp with -I (searched: "));
    directory.Write("lib/mp/p.capnp", "@0xaaaaaaaaaaaaaaa2;\nstruct P {}\n");
    EXPECT_EQ(ErrorOf({file}, {directory.Path("lib")}), "");
}

TEST(LoadFiles, NamesEveryMissingFileAndDirectory)
{
    const base::TemporaryDirectory directory;
    const std::string missing{directory.Path("missing.capnp")};
    const std::string error{ErrorOf({missing, directory.Path("")})};
    EXPECT_THAT(error, HasSubstr(missing + ": no such file"));
    EXPECT_THAT(error, HasSubstr(directory.Path("") + ": is a directory"));
    EXPECT_THAT(ErrorOf({}), HasSubstr("name at least one"));
}

TEST(LoadFiles, RejectsTwoFilesWithOneId)
{
    const base::TemporaryDirectory directory;
    const std::string a{directory.Write("a.capnp", "@0xaaaaaaaaaaaaaaa1;\nstruct A {}\n")};
    const std::string b{directory.Write("b.capnp", "@0xaaaaaaaaaaaaaaa1;\nstruct B {}\n")};
    EXPECT_THAT(ErrorOf({a, b}), HasSubstr("0xaaaaaaaaaaaaaaa1"));
}

TEST(LoadFiles, ReportsAnErrorForBytesThatAreNoSchema)
{
    const base::TemporaryDirectory directory;
    for (const std::string& content : {std::string{}, std::string{"\0\xff\xfe", 3}, std::string(5000, '('),
                                       std::string{"@0xaaaaaaaaaaaaaaa1;\nstruct A { a @0 :Text = \"unfinished"}}) {
        EXPECT_THAT(ErrorOf({directory.Write("a.capnp", content)}), HasSubstr("a.capnp:"));
    }
}

TEST(LoadFiles, AcceptsDotsInAnImport)
{
    const base::TemporaryDirectory directory;
    directory.Write("common.capnp", "@0xaaaaaaaaaaaaaaa1;\nstruct Common {}\n");
    directory.Write("sub/a.capnp", "@0xaaaaaaaaaaaaaaa2;\nstruct A { c @0 :import \"../common.capnp\".Common; }\n");
    EXPECT_TRUE(MustLoad({directory.Path("sub/../sub/a.capnp")})->FindStruct("Common"));
}

TEST(LoadFiles, OneFileUnderTwoPathsIsOneFile)
{
    const base::TemporaryDirectory directory;
    const std::string a{directory.Write("a.capnp", "@0xaaaaaaaaaaaaaaa1;\nstruct A {}\n")};
    const std::string b{directory.Write("b.capnp",
                                        "@0xaaaaaaaaaaaaaaa2;\n"
                                        "struct B { one @0 :import \"a.capnp\".A; two @1 :import \"/a.capnp\".A; }\n")};
    std::filesystem::create_symlink(a, directory.Path("link.capnp"));
    ExpectSame(*MustLoad({a, b}, {directory.Path("")}),
               *MustLoad({b, a, directory.Path("./link.capnp"), a}, {directory.Path("")}));
}

TEST(Hash, DoesNotDependOnTheLocationAndOrderOfTheFiles)
{
    const base::TemporaryDirectory directory;
    const auto write{[&](const std::string& root) {
        directory.Write(root + "/lib/l/lib.capnp", "@0xaaaaaaaaaaaaaaa1;\nstruct Lib {}\nannotation mark(*) :Text;\n");
        directory.Write(root + "/other/unrelated.capnp", "@0xaaaaaaaaaaaaaaa9;\n");
        return std::vector{
            directory.Write(root + "/a.capnp", "@0xaaaaaaaaaaaaaaa2;\nusing L = import \"/l/lib.capnp\";\n"
                                               "struct A { lib @0 :L.Lib $L.mark(\"x\"); }\n"),
            directory.Write(root + "/b.capnp", "@0xaaaaaaaaaaaaaaa3;\ninterface B { f @0 () -> (); }\n")};
    }};
    const auto here{write("here")};
    const auto there{write("some/where/else")};
    const auto first{MustLoad(here, {directory.Path("here/lib"), directory.Path("here/other")})};
    ExpectSame(*first, *MustLoad({here[1], here[0]}, {directory.Path("here/other"), directory.Path("here/lib")}));
    ExpectSame(*first, *MustLoad(there, {directory.Path("some/where/else/lib")}));
}

TEST(Hash, IgnoresCommentsAndSpace)
{
    const base::TemporaryDirectory directory;
    const auto a{MustLoad({directory.Write("a.capnp", "@0xaaaaaaaaaaaaaaa1;\nstruct A { x @0 :Text; }\n")})};
    const auto b{
        MustLoad({directory.Write("a.capnp", "# Hello.\n@0xaaaaaaaaaaaaaaa1;\n\nstruct A {\n x @0 :Text;\n # x\n}")})};
    ExpectSame(*a, *b);
}

TEST(Hash, ChangesWithEveryKindOfDeclaration)
{
    const std::string original{"@0xaaaaaaaaaaaaaaa1;\n"
                               "struct A { x @0 :Text; y @1 :Int32 = 5; union { p @2 :Void; q @3 :Void; } }\n"
                               "enum E { one @0; two @1; }\n"
                               "interface I $note(\"n\") { f @0 (a :A) -> (e :E); g @1 () -> (); }\n"
                               "interface J extends(I) {}\n"
                               "const c :Int32 = 7;\n"
                               "annotation note(*) :Text;\n"};
    const base::TemporaryDirectory directory;
    const auto hash{
        [&](const std::string& content) { return MustLoad({directory.Write("a.capnp", content)})->Hash(); }};
    const uint64_t before{hash(original)};
    const std::vector<std::pair<std::string, std::string>> edits{
        {"x @0", "xx @0"},      {":Text;", ":Data;"},
        {"= 5", "= 6"},         {"q @3 :Void; }", "} q @3 :Void;"},
        {"two", "zwei"},        {"\"n\"", "\"m\""},
        {"f @0", "ff @0"},      {"(e :E)", "(e :E, a :A)"},
        {"= 7", "= 8"},         {"extends(I)", ""},
        {"g @1 () -> ();", ""}, {"x @0 :Text; y @1", "x @1 :Text; y @0"},
        {"const c", "const d"}, {"interface J", "interface K"}};
    for (const auto& [from, to] : edits) {
        std::string edited{original};
        const size_t at{edited.find(from)};
        ASSERT_NE(at, std::string::npos) << from;
        edited.replace(at, from.size(), to);
        if (from.starts_with("q @3")) edited = original, edited.replace(original.find("p @2"), 4, "r @4 :Void; p @2");
        EXPECT_NE(hash(edited), before) << from;
    }
}

TEST(LoadRequest, GivesTheSameSchemaAsTheFiles)
{
    for (const char* name : {"generics.capnp", "endless.capnp", "shapes.capnp", "values.capnp", "annotations.capnp",
                             "inheritance.capnp", "flows.capnp"}) {
        const std::vector<std::string> files{Testdata(name)};
        const auto loaded{LoadRequest(Compile(files))};
        ASSERT_TRUE(loaded) << loaded.GetError().message;
        ExpectSame(**loaded, *MustLoad(files));
    }
    const std::vector<std::string> files{"/usr/include/capnp/schema.capnp", "/usr/include/capnp/rpc.capnp",
                                         Testdata("shapes.capnp"), Testdata("annotations.capnp")};
    const auto loaded{LoadRequest(Compile(files))};
    ASSERT_TRUE(loaded) << loaded.GetError().message;
    ExpectSame(**loaded, *MustLoad(files));
}

TEST(LoadRequest, RejectsBytesThatAreNoRequest)
{
    for (const std::string& bytes :
         {std::string{}, std::string{"abc"}, std::string(64, '\0'), std::string(64, '\xff'), std::string(8, '\0')}) {
        const auto loaded{LoadRequest(bytes)};
        ASSERT_FALSE(loaded);
        EXPECT_THAT(loaded.GetError().message, HasSubstr("not a CodeGeneratorRequest"));
    }
}

TEST(LoadRequest, ReturnsForARequestThatIsCutOrHasFlippedBits)
{
    const std::string whole{Compile({Testdata("generics.capnp")})};
    for (size_t size{0}; size < whole.size(); size += 1 + whole.size() / 50) {
        EXPECT_FALSE(LoadRequest(std::string_view{whole}.substr(0, size)));
    }
    for (size_t at{0}; at < whole.size(); at += 1 + whole.size() / 50) {
        std::string flipped{whole};
        flipped[at] = static_cast<char>(~flipped[at]);
        static_cast<void>(LoadRequest(flipped)); // a Schema or an error: it only has to return
    }
}

} // namespace
} // namespace mpfuzz::schema
