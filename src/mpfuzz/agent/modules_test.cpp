#include <mpfuzz/agent/modules.h>

#include <gtest/gtest.h>

#include <cerrno>
#include <cstdlib>

namespace mpfuzz::agent {
namespace {

TEST(HashOfFileName, IsTheSameInEveryFolderAndZeroForTheExecutable)
{
    EXPECT_EQ(HashOfFileName("/usr/lib/libcapnp.so"), HashOfFileName("/opt/libcapnp.so"));
    EXPECT_EQ(HashOfFileName("/usr/lib/libcapnp.so"), HashOfFileName("libcapnp.so"));
    EXPECT_NE(HashOfFileName("/usr/lib/libcapnp.so"), HashOfFileName("/usr/lib/libkj.so"));
    EXPECT_EQ(HashOfFileName(""), 0U);
    EXPECT_EQ(HashOfFileName(nullptr), 0U);
}

TEST(ModuleTable, FindsWhatItAdded)
{
    static ModuleTable table;
    const auto here{reinterpret_cast<uintptr_t>(&HashOfFileName)};
    EXPECT_EQ(table.Find(here), nullptr);
    const Module* const executable{table.Add(here)};
    ASSERT_NE(executable, nullptr);
    EXPECT_EQ(executable->salt, 0U);
    EXPECT_EQ(table.Find(here), executable);
    EXPECT_EQ(table.Add(here), executable) << "a module is added only once";
    EXPECT_EQ(table.size.load(), 1U);

    const auto in_libc{reinterpret_cast<uintptr_t>(&std::labs)};
    const Module* const libc{table.Add(in_libc)};
    ASSERT_NE(libc, nullptr);
    EXPECT_TRUE(libc->Contains(in_libc));
    EXPECT_FALSE(libc->Contains(here));
    EXPECT_NE(libc->salt, 0U);
}

TEST(ModuleTable, FindsNoModuleForMemoryWithoutCode)
{
    static ModuleTable table;
    EXPECT_EQ(table.Add(reinterpret_cast<uintptr_t>(&errno)), nullptr);
    EXPECT_FALSE(table.busy.load());
}

TEST(ModuleTable, NeverWaits)
{
    static ModuleTable table;
    table.busy = true;
    EXPECT_EQ(table.Add(reinterpret_cast<uintptr_t>(&HashOfFileName)), nullptr);
}

} // namespace
} // namespace mpfuzz::agent
