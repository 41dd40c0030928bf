#include <mpfuzz/observe/frame.h>

#include <gtest/gtest.h>

namespace mpfuzz::observe {
namespace {

TEST(CleanFunction, KeepsTheQualifiedNameOnly)
{
    EXPECT_EQ(CleanFunction("node::(anonymous namespace)::Impl::submit(std::vector<int, std::allocator<int> >, int)"),
              "node::Impl::submit");
    EXPECT_EQ(CleanFunction("kj::Promise<void> mp::ServerRet<A, B<C> >::invoke<int>(int) const"),
              "mp::ServerRet::invoke");
    EXPECT_EQ(CleanFunction("T node::CheckRange(T) [with T = long int]"), "node::CheckRange");
    EXPECT_EQ(CleanFunction("int main(int, char **)"), "main");
    EXPECT_EQ(CleanFunction("const int *ns::F() const &"), "ns::F");
    EXPECT_EQ(CleanFunction("f(int) [clone .isra.0]"), "f");
    EXPECT_EQ(CleanFunction("non-virtual thunk to A::B()"), "A::B");
    EXPECT_EQ(CleanFunction("std::__cxx11::basic_string<char>::append[abi:cxx11](char const*)"),
              "std::__cxx11::basic_string::append");
}

TEST(CleanFunction, NamesALambdaByTheFunctionAroundIt)
{
    EXPECT_EQ(CleanFunction("A::Submit(std::vector<int>, int)::'lambda'(int)::operator()(int) const"), "A::Submit");
    EXPECT_EQ(CleanFunction("ipc::Later(kj::Promise<T*>)::$_0::operator()(T*) const"), "ipc::Later");
    EXPECT_EQ(CleanFunction("A::F(int) const::{lambda(int)#1}::operator()(int) const"), "A::F");
    EXPECT_EQ(CleanFunction("A::F(int)::<lambda(int)>"), "A::F");
    EXPECT_EQ(CleanFunction("auto A::F(int)::(anonymous class)::operator()() const"), "A::F");
}

TEST(CleanFunction, KeepsOperators)
{
    EXPECT_EQ(CleanFunction("A::operator()(int) const"), "A::operator()");
    EXPECT_EQ(CleanFunction("std::ostream& ns::operator<< <char>(std::ostream&, char)"), "ns::operator<<");
    EXPECT_EQ(CleanFunction("bool operator< <int>(A<int> const&, A<int> const&)"), "operator<");
    EXPECT_EQ(CleanFunction("A::operator->() const"), "A::operator->");
    EXPECT_EQ(CleanFunction("A::operator unsigned long() const"), "A::operator unsigned long");
    EXPECT_EQ(CleanFunction("operator new(unsigned long)"), "operator new");
    EXPECT_EQ(CleanFunction("ns::my_operator(int)"), "ns::my_operator");
}

TEST(ParseSanitizerFrame, ReadsTheFormsOfAllSanitizers)
{
    const auto clang{ParseSanitizerFrame("    #2 0x55c2 in ns::F(int, char) /src/f.cpp:57:23")};
    ASSERT_TRUE(clang);
    EXPECT_EQ(Describe(*clang), "ns::F (f.cpp)");
    const auto tsan{ParseSanitizerFrame("    #0 pthread_mutex_lock <null> (node+0x7104a) (BuildId: 0c23)")};
    ASSERT_TRUE(tsan);
    EXPECT_EQ(tsan->function, "pthread_mutex_lock");
    EXPECT_EQ(tsan->module, "node");
    const auto bare{ParseSanitizerFrame("    #3 0x7fa5  (/lib/libc.so.6+0x27304) (BuildId: 93ac)")};
    ASSERT_TRUE(bare);
    EXPECT_EQ(bare->function, "");
    EXPECT_EQ(Describe(*bare), "libc.so.6+0x27304");
    EXPECT_FALSE(IsOwn(*bare));
    EXPECT_FALSE(ParseSanitizerFrame("previously allocated by thread T0 here:"));
    EXPECT_FALSE(ParseSanitizerFrame("    #x"));
}

TEST(ParseGdbFrame, ReadsFilesLibrariesAndUnknowns)
{
    const auto file{
        ParseGdbFrame("#0  node::(anonymous namespace)::A::F (this=0x7f, s=\"x) at y\") at src/mining.cpp:25")};
    ASSERT_TRUE(file);
    EXPECT_EQ(Describe(*file), "node::A::F (mining.cpp)");
    const auto library{ParseGdbFrame("#12 0x00007ffff7c9d919 in raise () from /lib/x86_64-linux-gnu/libc.so.6")};
    ASSERT_TRUE(library);
    EXPECT_FALSE(IsOwn(*library));
    const auto unknown{ParseGdbFrame("#4  0x00007ffff7c9d919 in ?? ()")};
    ASSERT_TRUE(unknown);
    EXPECT_EQ(unknown->function, "");
}

TEST(FrameForTitle, IsTheInnermostFrameOfTheTargetsOwnCode)
{
    const std::vector<Frame> stack{{"memcpy", "", "", ""},
                                   {"std::copy", "/usr/include/c++/12/bits/a.h", "", ""},
                                   {"kj::Foo", "", "", ""},
                                   {"mp::Invoke", "/usr/include/mp/proxy.h", "", ""},
                                   {"main", "", "", ""}};
    EXPECT_EQ(FrameForTitle(stack)->function, "mp::Invoke");
    EXPECT_EQ(FrameForTitle(std::span{stack}.first(3))->function, "memcpy");
    EXPECT_EQ(FrameForTitle({}), nullptr);
}

TEST(FrameForTitle, OfAnOverflowDoesNotDependOnTheInnermostFrame)
{
    std::vector<Frame> stack;
    for (int i{0}; i < 40; ++i) stack.push_back({i % 2 ? "ns::Parse" : "ns::Element", "", "", ""});
    EXPECT_EQ(FrameForTitle(stack, /*overflow=*/true)->function, "ns::Element");
    EXPECT_EQ(FrameForTitle(std::span{stack}.subspan(1), /*overflow=*/true)->function, "ns::Element");
}

} // namespace
} // namespace mpfuzz::observe
