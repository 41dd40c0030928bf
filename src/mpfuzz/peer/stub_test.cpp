#include <mpfuzz/peer/stub.h>

#include <mpfuzz/peer/testing/stub_fixture.h>
#include <mpfuzz/program/print.h>
#include <mpfuzz/stream/unix_socket.h>

#include <capnp/rpc.capnp.h>
#include <capnp/serialize.h>
#include <gmock/gmock.h>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace mpfuzz::peer {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using trace::Status;

std::vector<std::string> Methods(const std::vector<ReceivedCall>& calls)
{
    std::vector<std::string> names;
    for (const ReceivedCall& call : calls) names.push_back(TestSchema()->MethodName(call.method));
    return names;
}

std::vector<std::string> Results(const std::vector<ReceivedCall>& calls)
{
    std::vector<std::string> results;
    for (const ReceivedCall& call : calls) results.push_back(call.results);
    return results;
}

std::string Answer(const program::Program& program, const trace::Trace& trace, size_t step)
{
    const auto& call{std::get<program::Call>(program.steps.at(step))};
    CHECK(trace.outcomes.at(step).answer);
    return program::PrintStruct(*TestSchema(), TestSchema()->GetMethod(call.method).results,
                                *trace.outcomes[step].answer, {});
}

const char* const EVERY_KIND_OF_METHOD{R"(
    c0 = connect
    init0 = c0.bootstrap Init
    makeLab0 = init0.makeLab()
    name0 = makeLab0.result.name(prefix = "x")
    name1 = (makeLab0.result as Base).name()
    put0 = makeLab0.result.put(value = "y")
    stream0 = makeLab0.result.stream(chunk = "z")
    open0 = makeLab0.result.open()
    knock0 = open0.door.knock(by = init0)
    numbers0 = knock0.lab.numbers()
)"};

TEST_F(StubTest, AnswersEveryKindOfMethodAlsoOnObjectsThatItReturned)
{
    const program::Program program{MustParse(EVERY_KIND_OF_METHOD)};
    const trace::Trace trace{Run(program)};
    for (size_t step{2}; step < program.steps.size(); ++step)
        EXPECT_EQ(trace.outcomes[step].status, Status::ANSWERED) << step << trace.outcomes[step].message;
    EXPECT_THAT(Methods(m_stub.Take()),
                testing::UnorderedElementsAre("Init.makeLab", "Lab.name", "Base.name", "Store(Text).put", "Lab.stream",
                                              "Lab.open", "Lab.Door.knock", "Lab.numbers"));
}

TEST_F(StubTest, ReportsTheCallsWithArgumentsAndResults)
{
    const program::Program program{MustParse(R"(
        c0 = connect
        init0 = c0.bootstrap Init
        makeMining0 = init0.makeMining(context = (thread = serve Thread))
        checkBlock0 = makeMining0.result.checkBlock(block = (header = 0x"00ff", transactions = ["a", ""]), reason = "why")
    )")};
    const trace::Trace trace{Run(program)};
    const auto calls{m_stub.Take()};
    ASSERT_EQ(calls.size(), 2U);
    EXPECT_EQ(calls[0].arguments, "(context = (thread = <capability>))");
    EXPECT_EQ(calls[0].results, "(result = <capability>)");
    EXPECT_EQ(calls[0].object, 0U);
    EXPECT_EQ(calls[1].arguments, R"((block = (header = 0x"00ff", transactions = ["a", ""]), reason = "why"))");
    EXPECT_EQ(calls[1].results, Answer(program, trace, 3));
    EXPECT_NE(calls[1].object, 0U);
}

TEST(StubAnswers, AreAFunctionOfSeedMethodArgumentsAndCount)
{
    const program::Program program{MustParse(std::string{EVERY_KIND_OF_METHOD} + "numbers1 = knock0.lab.numbers()\n")};
    StubThread stub{1};
    RunOn(stub.Socket(), program);
    const auto first{stub.Take()};
    RunOn(stub.Socket(), program);
    EXPECT_EQ(Results(stub.Take()), Results(first));
    EXPECT_NE(first[first.size() - 2].results, first.back().results)
        << "the second call of a method has another number";

    StubThread other{2};
    RunOn(other.Socket(), program);
    EXPECT_NE(Results(other.Take()), Results(first));
}

TEST_F(StubTest, ReturnsAnObjectForEveryDeclaredCapability)
{
    const program::Program program{MustParse(R"(
        c0 = connect
        mining0 = c0.bootstrap Init
        makeMining0 = mining0.makeMining()
        getBlocks0 = makeMining0.result.getBlocks()
        getBlocks1 = makeMining0.result.getBlocks(count = 1)
        getBlocks2 = makeMining0.result.getBlocks(count = 2)
        destroy0 = getBlocks0.templates[0].destroy()
        destroy1 = getBlocks1.templates[0].destroy()
        destroy2 = getBlocks2.templates[0].destroy()
    )")};
    const trace::Trace trace{Run(program)};
    for (size_t step{6}; step < 9; ++step) EXPECT_EQ(trace.outcomes[step].status, Status::ANSWERED) << step;
}

//! A client that sends raw bytes.
class RawClient
{
public:
    explicit RawClient(const std::string& path) : m_fd{*stream::ConnectUnix(path, std::chrono::seconds{5})} {}
    ~RawClient() { close(m_fd); }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    //! @return False if the server accepts no more bytes for STUCK_MS, or has closed the connection.
    bool Send(std::string_view bytes, bool read_along = false)
    {
        while (!bytes.empty()) {
            const ssize_t sent{send(m_fd, bytes.data(), bytes.size(), MSG_NOSIGNAL)};
            if (sent > 0) bytes.remove_prefix(static_cast<size_t>(sent));
            if (sent < 0 && errno != EAGAIN) return false;
            if (sent < 0 && !Ready(static_cast<short>(read_along ? POLLIN | POLLOUT : POLLOUT), STUCK_MS)) return false;
            if (read_along) Drain();
        }
        return true;
    }

    //! Read until the server closes the connection. Returns false if it does not.
    bool WaitUntilClosed()
    {
        char buffer[4096];
        while (Ready(POLLIN, END_MS)) {
            if (recv(m_fd, buffer, sizeof(buffer), 0) <= 0) return true;
        }
        return false;
    }

private:
    void Drain()
    {
        char buffer[4096];
        while (recv(m_fd, buffer, sizeof(buffer), 0) > 0) {
        }
    }

    // Longer than any pause of a busy machine. A test waits for the full time only if it fails, or if it tests that the
    // server stops reading.
    static constexpr int STUCK_MS{2'000};
    static constexpr int END_MS{20'000};

    bool Ready(short events, int ms) const
    {
        pollfd descriptor{m_fd, events, 0};
        return poll(&descriptor, 1, ms) == 1;
    }

    int m_fd;
};

template<typename Fill>
std::string Frame(const Fill& fill)
{
    capnp::MallocMessageBuilder message;
    fill(message.initRoot<capnp::rpc::Message>());
    const auto words{capnp::messageToFlatArray(message)};
    const auto bytes{words.asBytes()};
    return {reinterpret_cast<const char*>(bytes.begin()), bytes.size()};
}

const std::string BOOTSTRAP{Frame([](auto message) { message.initBootstrap().setQuestionId(0); })};

//! A call of Init.makeLab on the answer to BOOTSTRAP.
std::string CallFrame(uint32_t question)
{
    return Frame([&](capnp::rpc::Message::Builder message) {
        auto call{message.initCall()};
        call.setQuestionId(question);
        call.initTarget().initPromisedAnswer().setQuestionId(0);
        call.setInterfaceId(TestSchema()->GetInterface(*TestSchema()->FindInterface("Init")).id);
        call.setMethodId(2);
        call.initParams();
    });
}

TEST_F(StubTest, SurvivesMalformedBytesAndIncompleteMessages)
{
    for (const std::string& bytes :
         {std::string(64, '\xff'), std::string(4096, '\0'), std::string{"GET / HTTP/1.1\r\n\r\n"},
          BOOTSTRAP + std::string(32, '\xee'), BOOTSTRAP.substr(0, 20), BOOTSTRAP + CallFrame(1).substr(0, 30)}) {
        RawClient client{m_stub.Socket()};
        EXPECT_TRUE(client.Send(bytes));
    }
    const trace::Trace trace{Run(MustParse(EVERY_KIND_OF_METHOD))};
    EXPECT_EQ(trace.outcomes[2].status, Status::ANSWERED);
}

TEST_F(StubTest, StopsReadingFromAClientThatDoesNotRead)
{
    RawClient client{m_stub.Socket()};
    ASSERT_TRUE(client.Send(BOOTSTRAP));
    uint32_t question{1};
    constexpr uint32_t MAX_CALLS{1'000'000};
    while (question < MAX_CALLS && client.Send(CallFrame(question))) ++question;
    EXPECT_LT(question, MAX_CALLS);
    const trace::Trace trace{Run(MustParse(EVERY_KIND_OF_METHOD))};
    EXPECT_EQ(trace.outcomes[2].status, Status::ANSWERED);
}

TEST(StubLimits, DisconnectAClientWithTooManyUnfinishedAnswers)
{
    StubThread stub{1, {}, /*max_held_bytes=*/uint64_t{1} << 20};
    RawClient client{stub.Socket()};
    ASSERT_TRUE(client.Send(BOOTSTRAP));
    // Each answer counts for more than a kilobyte.
    constexpr uint32_t TOO_MANY{2 * 1024};
    uint32_t question{1};
    while (question < TOO_MANY && client.Send(CallFrame(question), /*read_along=*/true)) ++question;
    EXPECT_TRUE(client.WaitUntilClosed());
    EXPECT_GE(stub.Take().size(), 512U) << "it was served until then";
    EXPECT_EQ(RunOn(stub.Socket(), MustParse(EVERY_KIND_OF_METHOD)).outcomes[2].status, Status::ANSWERED);
}

TEST(StubFaults, HaveTheirNamedEffect)
{
    std::string text{"c0 = connect\ninit0 = c0.bootstrap Init\n"};
    for (int i{0}; i < 60; ++i) text += "r" + std::to_string(i) + " = init0.makeLab()\n";
    const program::Program program{MustParse(text)};
    const auto run{[&](Fault fault) {
        StubThread stub{1, {fault}};
        program::TargetRules rules;
        // With the fault `silence` we wait until this deadline.
        rules.reply = std::chrono::seconds{fault == Fault::SILENCE ? 2 : 20};
        trace::Trace trace{RunOn(stub.Socket(), program, rules)};
        return std::pair{std::move(trace), stub.Take()};
    }};
    const auto count{[](const trace::Trace& trace, Status status) {
        return std::ranges::count(trace.outcomes, status, &trace::Outcome::status);
    }};
    EXPECT_GT(count(run(Fault::THROW).first, Status::EXCEPTION), 0);
    EXPECT_GT(count(run(Fault::SILENCE).first, Status::UNANSWERED), 0);
    EXPECT_GT(count(run(Fault::HANG_UP).first, Status::EXCEPTION), 0);
    const auto [trace, calls]{run(Fault::ALTER)};
    size_t altered{0};
    for (size_t i{0}; i < calls.size(); ++i) altered += calls[i].results != Answer(program, trace, i + 2);
    EXPECT_GT(altered, 0U);
    EXPECT_LT(altered, calls.size());
}

} // namespace
} // namespace mpfuzz::peer
