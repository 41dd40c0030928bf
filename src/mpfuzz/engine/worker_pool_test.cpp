#include <mpfuzz/engine/worker_pool.h>

#include <mpfuzz/base/testing/temporary_directory.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <vector>

namespace mpfuzz::engine {
namespace {

using testing::ElementsAre;

class WorkerPoolTest : public testing::Test
{
protected:
    void WaitForAll(WorkerPool& pool)
    {
        while (!pool.Empty()) {
            pool.Wait(
                std::chrono::seconds{10},
                [this](unsigned worker, std::string_view line) {
                    m_lines.push_back(std::to_string(worker) + ": " + std::string{line});
                },
                [this](const WorkerEnd& end) { m_ends.push_back(end); });
        }
    }

    static void Write(int pipe, std::string_view text)
    {
        if (write(pipe, text.data(), text.size()) < 0) _exit(99);
    }

    base::TemporaryDirectory m_logs;
    std::vector<std::string> m_lines;
    std::vector<WorkerEnd> m_ends;
};

TEST_F(WorkerPoolTest, ReportsCompleteMessagesInOrderAndThenTheEnd)
{
    WorkerPool pool{[](unsigned, int pipe) {
                        Write(pipe, {"one\0tw", 6});
                        Write(pipe, {"o\0unfinished", 12});
                        _exit(7);
                    },
                    m_logs.Path()};
    pool.Start(3);
    WaitForAll(pool);
    EXPECT_THAT(m_lines, ElementsAre("3: one", "3: two"));
    ASSERT_EQ(m_ends.size(), 1);
    EXPECT_EQ(m_ends[0].worker, 3);
    EXPECT_EQ(m_ends[0].status, 7);
}

TEST_F(WorkerPoolTest, ReportsTheSignalThatEndedAWorkerAndItsOutput)
{
    WorkerPool pool{[](unsigned, int) {
                        std::fputs("last output\n", stderr);
                        raise(SIGKILL);
                    },
                    m_logs.Path()};
    pool.Start(0);
    WaitForAll(pool);
    ASSERT_EQ(m_ends.size(), 1);
    EXPECT_EQ(m_ends[0].status, -1);
    EXPECT_EQ(m_ends[0].signal, SIGKILL);
    EXPECT_EQ(pool.LogTail(0), "last output\n");
}

TEST_F(WorkerPoolTest, AWorkerThatHasEndedCanBeReplaced)
{
    WorkerPool pool{[](unsigned worker, int pipe) {
                        Write(pipe, {"here", 5});
                        _exit(static_cast<int>(worker));
                    },
                    m_logs.Path()};
    pool.Start(1);
    WaitForAll(pool);
    pool.Start(1);
    WaitForAll(pool);
    EXPECT_THAT(m_lines, ElementsAre("1: here", "1: here"));
}

TEST_F(WorkerPoolTest, WorkersReceiveSignalsButIgnoreInterrupts)
{
    WorkerPool pool{[](unsigned, int pipe) {
                        Write(pipe, {"ready", 6});
                        for (;;) pause();
                    },
                    m_logs.Path()};
    pool.Start(0);
    while (m_lines.empty()) {
        pool.Wait(
            std::chrono::seconds{10}, [this](unsigned, std::string_view line) { m_lines.emplace_back(line); },
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
