#include <domains/bitcoin/block.h>
#include <domains/bitcoin/domain.h>
#include <domains/bitcoin/postconditions.h>
#include <domains/multiprocess/model_node_schema.h>
#include <mpfuzz/base/text.h>
#include <mpfuzz/program/testing/must_parse.h>

#include <gtest/gtest.h>

namespace mpfuzz::domains::bitcoin {
namespace {

using trace::Status;

class PostconditionsTest : public testing::Test
{
protected:
    static void SetUpTestSuite() { s_schema = multiprocess::ModelNodeSchema(); }

    //! Sets up the run of a program. All its calls were answered, one after the other, with default values. The given
    //! steps may use a Mining `m` and a BlockTemplate `t`. The first of them has index 4.
    void Run(const std::string& steps)
    {
        m_program = program::MustParse(*s_schema, "c0 = connect\ni = c0.bootstrap Init\nm = i.makeMining()\n"
                                                  "t = m.result.createNewBlock(options = (useMempool = false))\n" +
                                                      steps);
        m_trace.outcomes.assign(m_program.steps.size(), {});
        for (size_t i{0}; i < m_program.steps.size(); ++i) {
            trace::Outcome& outcome{m_trace.outcomes[i]};
            outcome = {.status = Status::ANSWERED, .sent_ns = int64_t(i) * 10, .ended_ns = int64_t(i) * 10 + 5};
            outcome.answer.emplace();
        }
    }

    //! Sets a field of an answer's `result`, or `result` itself.
    void Answer(program::StepIndex step, program::Value value)
    {
        const auto& results{Results(step)};
        m_trace.outcomes[step].answer->Set(*results.FindField("result"), std::move(value));
    }
    void Answer(program::StepIndex step, std::string_view field, program::Value value)
    {
        const auto& results{Results(step)};
        const uint32_t result{*results.FindField("result")};
        const uint32_t index{*s_schema->GetStruct(results.fields[result].type.index).FindField(field)};
        program::StructValue& answer{*m_trace.outcomes[step].answer};
        if (!answer.Find(result)) answer.Set(result, program::StructValue{});
        answer.Find(result)->As<program::StructValue>()->Set(index, std::move(value));
    }
    void AnswerTip(program::StepIndex step, char hash, int64_t height)
    {
        Answer(step, "hash", program::Blob{std::string(32, hash)});
        Answer(step, "height", height);
    }

    //! All complaints in one text.
    std::string Complaints() const
    {
        std::string all;
        for (const auto& postcondition : MakeDomain().postconditions) {
            const auto fault{postcondition.judge(*s_schema, m_program, m_trace)};
            if (!fault) continue;
            all += postcondition.name + ": " + fault->text + "\n";
            for (const program::StepIndex step : fault->calls)
                EXPECT_TRUE(std::holds_alternative<program::Call>(m_program.steps.at(step))) << all;
            EXPECT_FALSE(fault->calls.empty()) << all;
        }
        return all;
    }

    static inline std::shared_ptr<const schema::Schema> s_schema;
    program::Program m_program;
    trace::Trace m_trace;

private:
    const schema::Struct& Results(program::StepIndex step) const
    {
        const auto& call{std::get<program::Call>(m_program.steps.at(step))};
        return s_schema->GetStruct(s_schema->GetMethod(call.method).results);
    }
};

using TemplateTest = PostconditionsTest;
using TipTest = PostconditionsTest;
using WaitTest = PostconditionsTest;

//! The block at a height, with a number of transactions besides the coinbase.
Block MakeBlock(size_t transactions)
{
    Block block{MakeChainBlock(1)};
    for (size_t i{0}; i < transactions; ++i) {
        Transaction transaction;
        transaction.inputs.resize(1);
        transaction.inputs[0].txid = std::string(32, static_cast<char>(i + 1));
        transaction.outputs.push_back({1, "x"});
        block.transactions.push_back(transaction);
    }
    return block;
}

program::Value List(const std::vector<std::string>& blobs)
{
    program::ListValue list;
    for (const std::string& bytes : blobs) list.elements.emplace_back(program::Blob{bytes});
    return list;
}

TEST_F(TemplateTest, BlockHasTheHeaderThatTheTemplateGives)
{
    Run("h = t.result.getBlockHeader()\nb = t.result.getBlock()\n");
    Answer(4, program::Blob{Serialize(MakeBlock(2).header)});
    Answer(5, program::Blob{Serialize(MakeBlock(2))});
    EXPECT_EQ(Complaints(), "");
    Block other{MakeBlock(2)};
    ++other.header.nonce;
    Answer(5, program::Blob{Serialize(other)});
    EXPECT_EQ(Complaints(), "BlockTemplate.getBlock: its header is not the one that getBlockHeader gives\n");
    m_trace.outcomes[4].status = Status::EXCEPTION;
    EXPECT_EQ(Complaints(), "") << "exceptions are ignored";
}

TEST_F(TemplateTest, IsIgnoredAfterASolutionWasSubmitted)
{
    Run("h = t.result.getBlockHeader()\nt.result.submitSolution()\nb = t.result.getBlock()\n");
    Answer(4, program::Blob{Serialize(MakeBlock(0).header)});
    Answer(6, program::Blob{Serialize(MakeChainBlock(2))});
    EXPECT_EQ(Complaints(), "");
}

TEST_F(TemplateTest, DistinguishesTemplates)
{
    Run("h = t.result.getBlockHeader()\nu = m.result.createNewBlock()\nb = u.result.getBlock()\n");
    Answer(4, program::Blob{Serialize(MakeBlock(0).header)});
    Answer(6, program::Blob{Serialize(MakeChainBlock(2))});
    EXPECT_EQ(Complaints(), "");
}

TEST_F(TemplateTest, MerklePathLeadsFromTheCoinbaseToTheRoot)
{
    for (const size_t count : {0U, 1U, 2U, 3U, 6U}) {
        Run("b = t.result.getBlock()\np = t.result.getCoinbaseMerklePath()\n");
        const Block block{MakeBlock(count)};
        std::vector<std::string> level, path;
        for (const Transaction& transaction : block.transactions) level.push_back(Txid(transaction));
        while (level.size() > 1) {
            path.push_back(level[1]);
            if (level.size() % 2 == 1) level.push_back(level.back());
            std::vector<std::string> parents;
            for (size_t i{0}; i < level.size(); i += 2) parents.push_back(MerkleRoot({level[i], level[i + 1]}));
            level = parents;
        }
        Answer(4, program::Blob{Serialize(block)});
        Answer(5, List(path));
        EXPECT_EQ(Complaints(), "") << count;
        path.push_back(std::string(32, '\0'));
        Answer(5, List(path));
        EXPECT_EQ(Complaints(),
                  "BlockTemplate.getCoinbaseMerklePath: it does not lead from the block's coinbase to the "
                  "root of its transactions\n")
            << count;
    }
}

TEST_F(TemplateTest, HasFeesAndSigopsForEachTransactionExceptTheCoinbase)
{
    for (const std::string method : {"getTxFees", "getTxSigops"}) {
        Run("b = t.result.getBlock()\nf = t.result." + method + "()\n");
        Answer(4, program::Blob{Serialize(MakeBlock(2))});
        program::ListValue list;
        list.elements = {int64_t{0}, int64_t{5}};
        Answer(5, program::Value{list});
        EXPECT_EQ(Complaints(), "");
        list.elements.emplace_back(int64_t{1});
        Answer(5, program::Value{list});
        EXPECT_EQ(Complaints(),
                  "BlockTemplate." + method + ": there is not one for each transaction but the coinbase\n");
    }
}

TEST_F(TemplateTest, CoinbaseFieldsHaveTheRewardOfTheBlock)
{
    Run("b = t.result.getBlock()\nc = t.result.getCoinbaseTx()\n");
    Answer(4, program::Blob{Serialize(MakeBlock(0))});
    Answer(5, "blockRewardRemaining", int64_t{REGTEST_SUBSIDY_SAT});
    EXPECT_EQ(Complaints(), "");
    Answer(5, "blockRewardRemaining", int64_t{REGTEST_SUBSIDY_SAT + 1});
    EXPECT_EQ(Complaints(), "BlockTemplate.getCoinbaseTx: its reward is not what the block's coinbase pays\n");
}

TEST_F(TipTest, HeightDoesNotDecrease)
{
    Run("a = m.result.getTip()\nb = m.result.waitTipChanged()\n");
    AnswerTip(4, 'a', 2);
    AnswerTip(5, 'b', 1);
    EXPECT_EQ(Complaints(), "Mining.getTip: the height went down\n");
    m_trace.outcomes[4].ended_ns = m_trace.outcomes[5].sent_ns + 1;
    EXPECT_EQ(Complaints(), "") << "the server may handle overlapping calls in any order";
    AnswerTip(5, 'a', 1);
    EXPECT_EQ(Complaints(), "Mining.getTip: one block has two heights\n");
}

TEST_F(TipTest, AnswersWithoutATipAndProgramsWithJsonRpcAreIgnored)
{
    Run("a = m.result.getTip()\nb = m.result.getTip()\n");
    AnswerTip(4, 'a', 2);
    EXPECT_EQ(Complaints(), "");
    Run("a = m.result.getTip()\nr = i.makeRpc()\nr.result.executeRpc(request = \"{}\")\nb = m.result.getTip()\n");
    AnswerTip(4, 'a', 2);
    AnswerTip(7, 'b', 1);
    EXPECT_EQ(Complaints(), "");
}

TEST_F(TipTest, TemplatesAreBuiltOnTheTip)
{
    Run("a = m.result.getTip()\nu = m.result.createNewBlock()\nb = m.result.getTip()\nh = u.result.getBlockHeader()\n");
    AnswerTip(4, 'a', 0);
    AnswerTip(6, 'a', 0);
    BlockHeader header;
    header.previous = std::string(32, 'a');
    Answer(7, program::Blob{Serialize(header)});
    EXPECT_EQ(Complaints(), "");
    header.previous = std::string(32, 'b');
    Answer(7, program::Blob{Serialize(header)});
    EXPECT_EQ(Complaints(), "Mining.createNewBlock: the template is not built on the tip\n");
    AnswerTip(6, 'b', 1);
    EXPECT_EQ(Complaints(), "") << "the tip changed meanwhile";
}

TEST_F(WaitTest, ReturnsATemplateIfTheThresholdIsMet)
{
    const std::string expected{"BlockTemplate.waitNext: there is none although the fees need not rise\n"};
    Run("n = t.result.waitNext(options = (timeout = 1.5, feeThreshold = 0))\n");
    EXPECT_EQ(Complaints(), expected);
    Answer(4, program::Value{program::SeenCapability{}});
    EXPECT_EQ(Complaints(), "");
    Run("n = t.result.waitNext(options = (feeThreshold = -1))\n");
    EXPECT_EQ(Complaints(), expected);
    for (const std::string innocent :
         {"n = t.result.waitNext(options = (timeout = 1, feeThreshold = 1))\n",
          "n = t.result.waitNext(options = (timeout = 1))\n",
          "n = t.result.waitNext(options = (timeout = nan, feeThreshold = 0))\n",
          "n = t.result.waitNext(options = (timeout = -1, feeThreshold = 0))\n",
          "u = m.result.createNewBlock()\nn = u.result.waitNext(options = (timeout = 1, feeThreshold = 0))\n",
          "t.result.interruptWait()\nn = t.result.waitNext(options = (timeout = 1, feeThreshold = 0))\n"}) {
        Run(innocent);
        Answer(m_program.steps.size() == 6 && innocent.starts_with("u") ? 4 : 3,
               program::Value{program::SeenCapability{}});
        EXPECT_EQ(Complaints(), "") << innocent;
    }
}

TEST_F(PostconditionsTest, ARequestThatIsCutOffIsAnError)
{
    const auto complaints{[&](const std::string& request, const std::string& answer) {
        Run("r = i.makeRpc()\ne = r.result.executeRpc(request = \"" + request + "\")\n");
        Answer(5, program::Blob{answer});
        return Complaints();
    }};
    const std::string partly{"{\"result\":1}"}, error{"{\"error\":{\"code\":-32700}}"};
    for (const char* cut :
         {"{", " {\\\"id\\\":7,\\\"method\\\":\\\"getinfo", "{\\\"a\\\":[1,2", "{\\\"a\\\":\\\"}\\\\\\\""}) {
        EXPECT_NE(complaints(cut, partly), "") << cut;
        EXPECT_EQ(complaints(cut, error), "") << cut;
    }
    for (const char* whole : {"", "{}", "{\\\"a\\\":\\\"{\\\"}", "7", "{}{", "[", "nonsense"}) {
        EXPECT_EQ(complaints(whole, partly), "") << whole;
    }
}

} // namespace
} // namespace mpfuzz::domains::bitcoin
