#include <mpfuzz/base/testing/temporary_directory.h>
#include <mpfuzz/triage/environment.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cstdlib>
#include <cstring>
#include <elf.h>
#include <filesystem>

namespace mpfuzz::triage {
namespace {

using testing::HasSubstr;

template<typename Structure>
std::string BytesOf(const Structure& structure)
{
    return {reinterpret_cast<const char*>(&structure), sizeof(structure)};
}

std::string Note(uint32_t type, const std::string& name, const std::string& content)
{
    return BytesOf(Elf64_Nhdr{static_cast<uint32_t>(name.size()), static_cast<uint32_t>(content.size()), type}) + name +
           content;
}

//! An ELF file whose second segment has these notes.
std::string ElfFile(const std::string& notes)
{
    Elf64_Ehdr header{};
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_ident[EI_DATA] = std::endian::native == std::endian::little ? ELFDATA2LSB : ELFDATA2MSB;
    header.e_phoff = sizeof(header);
    header.e_phentsize = sizeof(Elf64_Phdr);
    header.e_phnum = 2;
    Elf64_Phdr code{}, segment{};
    code.p_type = PT_LOAD;
    segment.p_type = PT_NOTE;
    segment.p_offset = sizeof(header) + 2 * sizeof(segment);
    segment.p_filesz = notes.size();
    return BytesOf(header) + BytesOf(code) + BytesOf(segment) + notes;
}

class BuildIdTest : public testing::Test
{
protected:
    std::string IdOf(const std::string& content) { return BuildIdOf(m_directory.Write("program", content)); }

    const base::TemporaryDirectory m_directory;
    const std::string m_gnu{"GNU", 4};
    const std::string m_notes{Note(NT_GNU_ABI_TAG, m_gnu, "sixteen bytes...") +
                              Note(NT_GNU_BUILD_ID, m_gnu, "\x01\xfe")};
};

TEST_F(BuildIdTest, IsTheNoteOfTheLinker)
{
    EXPECT_EQ(IdOf(ElfFile(m_notes)), "01fe");
    EXPECT_EQ(IdOf(ElfFile(Note(NT_GNU_BUILD_ID, std::string{"Go\0\0", 4}, "x"))), "") << "a note of somebody else";
    EXPECT_EQ(IdOf(ElfFile(Note(NT_GNU_BUILD_ID, m_gnu, std::string(65, 'x')))), "") << "longer than any build id";
}

TEST_F(BuildIdTest, IsEmptyIfTheFileIsNoSuchProgram)
{
    EXPECT_EQ(BuildIdOf(m_directory.Path("missing")), "");
    EXPECT_EQ(BuildIdOf(m_directory.Path()), "");
    EXPECT_EQ(IdOf("#!/bin/sh\nexec node\n"), "");
    std::string narrow{ElfFile(m_notes)};
    narrow[EI_CLASS] = ELFCLASS32;
    EXPECT_EQ(IdOf(narrow), "");
}

TEST_F(BuildIdTest, IsEmptyIfTheFileIsCut)
{
    const std::string whole{ElfFile(m_notes)};
    for (size_t size{0}; size < whole.size(); ++size) EXPECT_EQ(IdOf(whole.substr(0, size)), "") << size;
}

// Each byte of the headers in turn gets the values that sizes and offsets are most often wrong with. Nothing is
// expected of the result: sanitizers notice what reads too far.
TEST_F(BuildIdTest, SurvivesMalformedHeaders)
{
    const std::string whole{ElfFile(m_notes)};
    for (size_t place{0}; place < whole.size(); ++place) {
        for (const char value : {'\x00', '\x7f', '\x80', '\xff'}) {
            std::string malformed{whole};
            malformed[place] = value;
            EXPECT_THAT(IdOf(malformed).size(), testing::Le(2 * 64U)) << place;
        }
    }
}

TEST(Environment, TellsVersionsAndFindsTheTargetInPath)
{
    const base::TemporaryDirectory directory;
    const auto path{directory.Write("a-node-for-this-test", ElfFile(Note(NT_GNU_BUILD_ID, {"GNU", 4}, "id")))};
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    const std::string old_path{std::getenv("PATH")};
    ::setenv("PATH", ("/missing:" + directory.Path()).c_str(), 1);
    const Environment environment{CollectEnvironment("a-node-for-this-test")};
    ::setenv("PATH", old_path.c_str(), 1);
    EXPECT_EQ(environment.target_build_id, "6964");
    EXPECT_EQ(CollectEnvironment(path).target_build_id, "6964");
    EXPECT_EQ(CollectEnvironment("a-node-for-this-test").target_build_id, "") << "it is no longer in PATH";
    EXPECT_THAT(environment.mpfuzz, testing::ContainsRegex("^[0-9]+\\.[0-9]+\\.[0-9]+"));
    EXPECT_THAT(environment.os, HasSubstr("Linux"));
    EXPECT_THAT(environment.compiler, testing::ContainsRegex("[0-9]+\\.[0-9]+"));
}

TEST(Environment, ReadsTheFirstLineThatACommandPrints)
{
    EXPECT_EQ(FirstLineOf({"printf", "node v1 $(x)\nmore\n"}), "node v1 $(x)");
    EXPECT_EQ(FirstLineOf({"sh", "-c", "echo v1; exit 1"}), "") << "it fails";
    EXPECT_EQ(FirstLineOf({"/missing"}), "");
    EXPECT_EQ(FirstLineOf({"true"}), "");
    EXPECT_EQ(FirstLineOf({"sh", "-c", "head -c 100000 /dev/zero | tr '\\0' x"}).size(), 199U);
}

} // namespace
} // namespace mpfuzz::triage
