#include <mpfuzz/engine/shared_state.h>

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

namespace mpfuzz::engine {
namespace {

//! The exit status of a child that does `work`.
template<typename Work>
int InChild(const Work& work)
{
    const pid_t child{fork()};
    if (child == 0) _exit(work());
    int status{-1};
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(SharedState, AFindingIsClaimedOnceByWhomeverComesFirst)
{
    SharedState state;
    EXPECT_EQ(InChild([&] { return state.ClaimFinding(17); }), 1);
    EXPECT_FALSE(state.ClaimFinding(17));
    EXPECT_TRUE(state.ClaimFinding(18));
    EXPECT_EQ(InChild([&] { return state.ClaimFinding(18); }), 0);
}

TEST(SharedState, ProgramsAreNumberedAcrossProcesses)
{
    SharedState state;
    EXPECT_EQ(state.ClaimProgram(), 0);
    EXPECT_EQ(InChild([&] { return static_cast<int>(state.ClaimProgram()); }), 1);
    EXPECT_EQ(state.ClaimProgram(), 2);
    EXPECT_EQ(state.Programs(), 3);
}

} // namespace
} // namespace mpfuzz::engine
