#include <mpfuzz/engine/worker_pool.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

namespace mpfuzz::engine {
namespace {

using testing::ElementsAre;

class WorkerPoolTest : public testing::Test
{
protected:
    WorkerPoolTest()
    {
        m_logs = testing::TempDir() + "mpfuzz-pool-XXXXXX";
        EXPECT_TRUE(mkdtemp(m_logs.data()));
    }
    ~WorkerPoolTest() override { std::filesystem::remove_all(m_logs); }

    void WaitForAll(WorkerPool& pool)
    {
        while (!pool.Empty()) {
            pool.Wait(
                std::chrono::seconds{10},
                [this](unsigned worker, std::string_view line) {
                    m_heard.push_back(std::to_string(worker) + ": " + std::string{line});
                },
                [this](const WorkerEnd& end) { m_ends.push_back(end); });
        }
    }

    static void Say(int pipe, std::string_view text)
    {
        if (write(pipe, text.data(), text.size()) < 0) _exit(99);
    }

    std::string m_logs;
    std::vector<std::string> m_heard;
    std::vector<WorkerEnd> m_ends;
};

TEST_F(WorkerPoolTest, PassesOnWholeLinesInOrderAndThenTheEnd)
{
    WorkerPool pool{[](unsigned, int pipe) {
                        Say(pipe, "one\ntw");
                        Say(pipe, "o\nunfinished");
                        _exit(7);
                    },
                    m_logs};
    pool.Start(3);
    WaitForAll(pool);
    EXPECT_THAT(m_heard, ElementsAre("3: one", "3: two"));
    ASSERT_EQ(m_ends.size(), 1);
    EXPECT_EQ(m_ends[0].worker, 3);
    EXPECT_EQ(m_ends[0].status, 7);
}

TEST_F(WorkerPoolTest, TellsWhichSignalEndedAWorkerAndWhatItSaid)
{
    WorkerPool pool{[](unsigned, int) {
                        std::fputs("farewell\n", stderr);
                        raise(SIGKILL);
                    },
                    m_logs};
    pool.Start(0);
    WaitForAll(pool);
    ASSERT_EQ(m_ends.size(), 1);
    EXPECT_EQ(m_ends[0].status, -1);
    EXPECT_EQ(m_ends[0].signal, SIGKILL);
    EXPECT_EQ(pool.LogTail(0), "farewell\n");
}

TEST_F(WorkerPoolTest, AWorkerCanBeReplacedWhenItHasEnded)
{
    WorkerPool pool{[](unsigned worker, int pipe) {
                        Say(pipe, "here\n");
                        _exit(static_cast<int>(worker));
                    },
                    m_logs};
    pool.Start(1);
    WaitForAll(pool);
    pool.Start(1);
    WaitForAll(pool);
    EXPECT_THAT(m_heard, ElementsAre("1: here", "1: here"));
}

TEST_F(WorkerPoolTest, SignalsReachTheWorkersAndInterruptsDoNot)
{
    WorkerPool pool{[](unsigned, int pipe) {
                        Say(pipe, "ready\n");
                        for (;;) pause();
                    },
                    m_logs};
    pool.Start(0);
    while (m_heard.empty()) {
        pool.Wait(
            std::chrono::seconds{10}, [this](unsigned, std::string_view line) { m_heard.emplace_back(line); },
            [](const WorkerEnd&) {});
    }
    pool.Signal(SIGINT);
    pool.Signal(SIGTERM);
    WaitForAll(pool);
    ASSERT_EQ(m_ends.size(), 1);
    EXPECT_EQ(m_ends[0].signal, SIGTERM);
}

} // namespace
} // namespace mpfuzz::engine
