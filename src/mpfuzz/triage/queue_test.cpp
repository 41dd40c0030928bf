#include <mpfuzz/triage/queue.h>

#include <mpfuzz/base/testing/temporary_directory.h>

#include <gtest/gtest.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace mpfuzz::triage {
namespace {

class QueueTest : public testing::Test
{
protected:
    std::string Add(const std::string& title, Stage stage, double seconds = 0)
    {
        Record record;
        record.identity = {observe::FindingKind::CRASH, title};
        const auto saved{Save(m_directory.Path(), record, nullptr)};
        EXPECT_TRUE(saved);
        EXPECT_TRUE(Update(saved->directory, [&](StoredFinding& finding) {
            finding.stage = stage;
            finding.cost.seconds = seconds;
        }));
        return saved->directory;
    }

    std::optional<ClaimedFinding> Claim()
    {
        auto claimed{m_queue.Claim()};
        EXPECT_TRUE(claimed) << claimed.GetError().message;
        return claimed ? std::move(*claimed) : std::nullopt;
    }

    const base::TemporaryDirectory m_directory;
    Queue m_queue{m_directory.Path()};
};

TEST_F(QueueTest, ClaimsTheEarliestStageFirstAndThenTheOneWithTheLeastTime)
{
    Add("a", Stage::MINIMIZE, 1);
    Add("b", Stage::DONE);
    Add("c", Stage::MINIMIZE, 0.5);
    Add("d", Stage::PARKED);
    Add("e", Stage::REPLAY, 9);
    EXPECT_EQ(m_queue.Count(), 3U);
    std::vector<ClaimedFinding> claimed;
    std::string order;
    while (auto next{Claim()}) {
        order += next->finding.record.identity.title;
        claimed.push_back(std::move(*next));
    }
    EXPECT_EQ(order, "eca");
}

TEST_F(QueueTest, AFindingIsFreeAgainIfItsOwnerWasKilled)
{
    Add("a", Stage::REPLAY);
    int ready[2];
    ASSERT_EQ(pipe(ready), 0);
    const pid_t owner{fork()};
    if (owner == 0) {
        const auto claimed{m_queue.Claim()};
        (void)!write(ready[1], "x", 1);
        for (;;) pause();
    }
    char byte;
    ASSERT_EQ(read(ready[0], &byte, 1), 1);
    EXPECT_FALSE(Claim());
    kill(owner, SIGKILL);
    waitpid(owner, nullptr, 0);
    EXPECT_TRUE(Claim());
    close(ready[0]);
    close(ready[1]);
}

TEST_F(QueueTest, ANewWitnessMakesAFinishedFindingAvailable)
{
    const std::string directory{Add("a", Stage::DONE)};
    EXPECT_FALSE(Claim());
    ASSERT_TRUE(AddWitness(directory, {.program = "c0 = connect\n"}));
    EXPECT_TRUE(Claim());
}

TEST_F(QueueTest, IsEmptyIfThereIsNoDirectory)
{
    Queue queue{m_directory.Path("missing")};
    const auto claimed{queue.Claim()};
    ASSERT_TRUE(claimed);
    EXPECT_FALSE(*claimed);
    EXPECT_EQ(queue.Count(), 0U);
}

} // namespace
} // namespace mpfuzz::triage
